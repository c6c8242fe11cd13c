"""The list of approval requests as a file for a spreadsheet."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import ApprovalRequest
from approvals.path import seat_label
from approvals.querysets import ApprovalRequestQuerySet
from staff.sheets import Column, Kind, Sheet


def _amount(asked: ApprovalRequest) -> Any:
    if asked.order:
        return asked.order.total
    return asked.limit_change.resulting if asked.limit_change else None


def _currency(asked: ApprovalRequest) -> str:
    return asked.order.currency if asked.order else asked.currency


def _reasons(asked: ApprovalRequest) -> str:
    if asked.decision is None:
        return _("change of a limit")
    return ", ".join(str(label) for label in asked.decision.reason_labels)


def _asked(asked: Any) -> str:
    return ", ".join(dict.fromkeys(str(seat_label(seat)) for seat in asked.asked_seats))


_COLUMNS = (
    Column(gettext_lazy("Request"), "name"),
    Column(gettext_lazy("Customer code"), "customer__code"),
    Column(gettext_lazy("Customer"), "customer__name"),
    Column(gettext_lazy("Amount"), _amount, Kind.MONEY),
    Column(gettext_lazy("Currency"), _currency),
    Column(
        gettext_lazy("Over the limit"),
        lambda asked: asked.decision.excess if asked.decision else None,
        Kind.MONEY,
    ),
    Column(gettext_lazy("Reasons"), _reasons),
    Column(gettext_lazy("State"), lambda asked: asked.get_state_display()),
    Column(gettext_lazy("Level"), "stage", Kind.NUMBER),
    Column(gettext_lazy("Asked"), _asked),
    Column(gettext_lazy("Requested"), "opened_at", Kind.MOMENT),
    Column(gettext_lazy("Due"), "due", Kind.MOMENT),
    Column(gettext_lazy("Decided"), "decided_at", Kind.MOMENT),
    Column(gettext_lazy("Decided by"), "decided_by__display_name"),
    Column(gettext_lazy("Comment"), "comment"),
    Column(gettext_lazy("Lapsed"), "lapsed_at", Kind.MOMENT),
    Column(gettext_lazy("Why lapsed"), lambda asked: asked.get_lapse_reason_display()),
)


def request_sheet(requests: ApprovalRequestQuerySet, keys: Iterable[str]) -> Sheet:
    """The requests, as the list reads them, in the order of `keys`."""
    return Sheet("approvals", _COLUMNS, requests.order_by(*keys))
