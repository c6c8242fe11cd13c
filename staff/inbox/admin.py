"""Deliveries for administrators: what left, what did not and why. What notices say stays theirs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from staff.inbox import kinds, lifecycle
from staff.inbox.models import Attempt, Delivery


class AttemptInline(admin.TabularInline):
    model = Attempt
    fields = readonly_fields = ("number", "at", "ended_at", "cause", "error")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    list_display = (
        "reader",
        "kind",
        "state",
        "cause",
        "error",
        "attempts",
        "since",
        "next_at",
    )
    list_filter = ("state", "cause", "channel")
    list_select_related = ("notice__to",)
    search_fields = ("notice__to__username", "notice__to__full_name", "notice__to__email")
    ordering = ("-since", "-pk")
    show_full_result_count = False
    fields = readonly_fields = (
        "reader",
        "address",
        "kind",
        "channel",
        "state",
        "cause",
        "last_error",
        "attempts",
        "since",
        "next_at",
        "claimed_at",
        "sent_at",
    )
    inlines = [AttemptInline]
    actions = ["send_again"]

    @admin.display(description=_("recipient of the notice"), ordering="notice__to")
    def reader(self, delivery: Delivery) -> str:
        return str(delivery.notice.to)

    @admin.display(description=_("what the server said"), empty_value="–")
    def error(self, delivery: Delivery) -> str:
        return Truncator(delivery.last_error).chars(80)

    @admin.display(description=_("address"))
    def address(self, delivery: Delivery) -> str:
        return delivery.notice.to.email or "–"

    @admin.display(description=_("kind"), ordering="notice__kind")
    def kind(self, delivery: Delivery) -> str:
        return kinds.find(delivery.notice.kind).name

    @admin.action(description=_("Send again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        """Those that failed or were dropped; the others are counted and left alone."""
        ids = list(chosen.values_list("pk", flat=True))
        count = lifecycle.send_again(delivery_ids=ids, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        text = ngettext(
            "%(count)d mail will be sent again within a minute.",
            "%(count)d mails will be sent again within a minute.",
            count,
        )
        self.message_user(request, text % {"count": count})
        if left := len(ids) - count:
            text = ngettext(
                "%(count)d was left alone: only what failed or was dropped is sent again.",
                "%(count)d were left alone: only what failed or was dropped is sent again.",
                left,
            )
            self.message_user(request, text % {"count": left}, messages.WARNING)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("staff.resend_delivery")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False
