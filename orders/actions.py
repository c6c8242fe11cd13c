"""What a user may do with an order now: the state diagram and the policies joined."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from orders import policies
from orders.enums import HOLDABLE, INVOICEABLE, PAYABLE, RETURNABLE, SHIPPABLE, OrderState
from orders.models import Allocation, Order
from staff.models import User

LABELS: dict[str, str | Promise] = {
    "edit": _("Change order"),
    "amend": _("Change released order"),
    "submit": _("Submit order"),
    "take_back": _("Take back to change"),
    "pay": _("Record payment"),
    "allocate": _("Allocate goods"),
    "pick": _("Record pick"),
    "ship": _("Ship order"),
    "scan": _("Record carrier scan"),
    "deliver": _("Record delivery"),
    "invoice": _("Issue invoice"),
    "return_goods": _("Record return"),
    "refund": _("Give money back"),
    "set_free": _("Set goods free"),
    "close_short": _("Close short"),
    "hold": _("Place hold"),
    "cancel": _("Cancel order"),
}


@dataclass(frozen=True)
class Action:
    """One verb on offer. With `why_not` it is shown disabled, saying why it cannot be done now."""

    code: str
    label: str | Promise
    why_not: str | Promise = ""


def available_actions(
    user: User, order: Order, *, held: bool, waits: bool = False, kept: bool | None = None
) -> list[Action]:
    """The verbs this user may use on the order as it stands, most likely one first.

    `held` is whether a hold stands on it, `waits` whether a condition of its release keeps it back,
    `kept` whether goods are allocated to it, which is looked up where it is not said.
    """
    found = [code for code, allowed in policies.TABLE.items() if allowed(user, order)]
    if kept is None and "set_free" in found and order.state in SHIPPABLE:
        kept = Allocation.objects.filter(order_line__order=order).exists()
    return [
        Action(code, LABELS[code], _why_not(code, held, waits))
        for code in found
        if _possible(code, order, bool(kept))
    ]


def _possible(code: str, order: Order, kept: bool) -> bool:
    return {
        "edit": order.state == OrderState.DRAFT,
        "amend": order.state == OrderState.APPROVED and not order.invoiced_amount,
        "submit": can_proceed(order.to_submitted),
        "take_back": can_proceed(order.to_draft),
        "pay": order.state in PAYABLE and order.unpaid > 0,
        "ship": can_proceed(order.to_shipped),
        "allocate": order.state in SHIPPABLE,
        "pick": order.state in SHIPPABLE,
        "scan": order.state in (OrderState.PARTLY_SHIPPED, OrderState.SHIPPED),
        "set_free": order.state in SHIPPABLE and kept,
        "deliver": can_proceed(order.to_delivered),
        "invoice": order.state in INVOICEABLE and not order.invoiced_at,
        "return_goods": order.state in RETURNABLE and (order.owed > 0 or not order.total),
        "refund": order.overpaid > 0,
        "close_short": order.state == OrderState.PARTLY_SHIPPED,
        "hold": order.state in HOLDABLE,
        "cancel": can_proceed(order.to_cancelled) and not order.has_invoice,
    }[code]


def _why_not(code: str, held: bool, waits: bool) -> str | Promise:
    if code != "ship":
        return ""
    if held:
        return _("The order is held.")
    return _("The order waits for a condition of its release.") if waits else ""
