"""Limits in the back office: read, and ended with a reason; a change is requested."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credit import lifecycle
from credit.admin.asking import ReasonForm, ask_first
from credit.models import CreditLimit


@admin.register(CreditLimit)
class CreditLimitAdmin(admin.ModelAdmin):
    list_display = [
        "account", "type", "kind", "amount", "valid_from", "valid_until", "requested_by",
        "granted_by", "ended_at", "request_change",
    ]  # fmt: skip
    list_filter = ["type", "kind", "security", "valid_until"]
    search_fields = ["account__customer__code", "account__customer__name", "reference"]
    list_select_related = ["account__customer", "requested_by", "granted_by"]
    actions = ["end_limits"]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Without the way to a request for whoever may not make one."""
        may = request.user.has_perm("approvals.request_limit_change")
        return [name for name in self.list_display if may or name != "request_change"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("credit.change_limit")

    @admin.display(description=_("Change"))
    def request_change(self, limit: CreditLimit) -> SafeString:
        """Where a change of what the customer may use is requested; nobody makes one alone."""
        url = reverse("approvals:request_limit", args=[limit.account.customer_id])
        return format_html('<a href="{}">{}</a>', url, gettext("Request a change"))

    @admin.action(description=_("End the chosen limits"), permissions=["end"])
    def end_limits(
        self, request: HttpRequest, queryset: QuerySet[CreditLimit]
    ) -> HttpResponse | None:
        by: Any = request.user
        at = timezone.now()

        def end(limit: CreditLimit, values: dict[str, Any]) -> None:
            lifecycle.end_limit(limit_id=limit.pk, reason=values["reason"], by=by, at=at)

        rows = queryset.select_related("account__customer").order_by("account_id", "pk")
        title = gettext("End limits")
        return ask_first(self, request, rows, form=ReasonForm, title=title, act=end)
