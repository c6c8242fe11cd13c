from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from approvals.matrix.admin import MatrixAdmin
from approvals.models import ApprovalRequest
from journal.admin import ReadOnlyAdmin

__all__ = ["ApprovalRequestAdmin", "MatrixAdmin"]


@admin.register(ApprovalRequest)
class ApprovalRequestAdmin(ReadOnlyAdmin):
    list_display = ["subject", "state", "opened_at", "requested_by", "decided_at", "decided_by"]
    list_filter = ["state"]
    list_select_related = ["order", "requested_by", "decided_by"]
    search_fields = ["order__number"]
    show_full_result_count = False

    @admin.display(description=_("request"))
    def subject(self, request: ApprovalRequest) -> str:
        return request.name
