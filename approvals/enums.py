from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from journal.actions import declare_actions


class RequestState(TextChoices):
    OPEN = "open", _("waiting")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


@declare_actions
class ApprovalAction(TextChoices):
    OPENED = "approval.opened", _("Approval requested")
    APPROVED = "approval.approved", _("Request approved")
    REJECTED = "approval.rejected", _("Request rejected")
    WITHDRAWN = "approval.withdrawn", _("Request withdrawn")
    REFRESHED = "approval.refreshed", _("Figures of the request brought up to date")
