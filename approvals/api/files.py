"""The files of requests: of the limit that is asked for, or of the order."""

from django.db import models

from approvals.models import ApprovalRequest
from journal.api.files import ATTACH, FilesOf


class RequestFilesViewSet(FilesOf):
    """Files of what a request is about."""

    access = {"files": ("approvals.view_approvalrequest",), "attach": ATTACH}

    def subject(self) -> models.Model:
        """The limit that is asked for, or the order that waits."""
        seen = ApprovalRequest.objects.for_user(self.user).select_related("order", "limit_change")
        asked = seen.get(pk=self.kwargs["pk"])
        subject: models.Model = asked.limit_change or asked.order
        return subject
