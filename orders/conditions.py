"""Conditions of a release: what an approver asks, how far it is met, and what is missing. Pure.

Amounts are in the order's currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import ngettext

from credit.money import ZERO, is_amount
from orders.enums import BEFORE_SHIPPING, ConditionKind, ConditionState
from orders.errors import OrderError
from orders.models import Order, ReleaseCondition
from staff.figures import money
from staff.sentences import sentence as _

MOST_DAYS, LONGEST_TEXT = 365, 200
_HUNDRED, _CENT = Decimal(100), Decimal("0.01")
_FIGURES = {
    ConditionKind.PREPAY: "percent",
    ConditionKind.GUARANTEE: "text",
    ConditionKind.AMOUNT: "amount",
    ConditionKind.PAY_WITHIN: "days",
}


@dataclass(frozen=True, slots=True)
class ConditionInput:
    """A condition that an approver sets, with the one figure that its kind asks for."""

    kind: ConditionKind
    percent: Decimal | None = None
    days: int | None = None
    amount: Decimal | None = None
    text: str = ""


def checked(wanted: Sequence[ConditionInput], order: Order) -> list[ConditionInput]:
    """The conditions, tidied. Raises OrderError for one that is impossible or named twice."""
    tidy = [
        ConditionInput(one.kind, one.percent, one.days, one.amount, " ".join(one.text.split()))
        for one in wanted
    ]
    for one in tidy:
        _guardmoney(one, order)
    if len({(one.kind, one.text) for one in tidy}) < len(tidy):
        raise OrderError(_("The same condition is named twice. Name it once."))
    return tidy


def _guardmoney(one: ConditionInput, order: Order) -> None:
    own = _FIGURES.get(one.kind)
    if own is None or any(getattr(one, name) for name in _FIGURES.values() if name != own):
        raise OrderError(_("A condition takes the one figure of its kind, and no other."))
    if one.kind == ConditionKind.PREPAY and not _is_percent(one.percent):
        raise OrderError(_("The prepayment is more than 0% and at most 100%."))
    if one.kind == ConditionKind.GUARANTEE and not 0 < len(one.text) <= LONGEST_TEXT:
        raise OrderError(_("Name the document that has to come in, in at most 200 characters."))
    if one.kind == ConditionKind.PAY_WITHIN and not 0 < (one.days or 0) <= MOST_DAYS:
        raise OrderError(_("Payment can be due within 1 to 365 days of the release."))
    if one.kind == ConditionKind.AMOUNT and not _is_part(one.amount, order):
        raise OrderError(
            _("The released amount is more than 0 and less than the %(total)s of the order.")
            % {"total": _money(order.total, order)}
        )


def _is_percent(percent: Decimal | None) -> bool:
    return percent is not None and is_amount(percent) and 0 < percent <= _HUNDRED


def _is_part(amount: Decimal | None, order: Order) -> bool:
    return amount is not None and is_amount(amount) and 0 < amount < order.total


def unreleased(
    order: Order, conditions: Iterable[ConditionInput] | Iterable[ReleaseCondition]
) -> Decimal:
    """What of the order's total lies beyond the amount that is released; 0 without such a limit."""
    limits = [one.amount for one in conditions if one.kind == ConditionKind.AMOUNT]
    return max([ZERO, *(order.total - limit for limit in limits if limit is not None)])


def to_prepay(condition: ReleaseCondition, order: Order) -> Decimal:
    """What has to be paid before anything ships: a share of the total, up to the next cent."""
    share = order.total * (condition.percent or ZERO) / _HUNDRED
    return share.quantize(_CENT, ROUND_CEILING)


def promised(condition: ReleaseCondition, order: Order) -> Decimal:
    """What is to be paid within the days: what is owed of what was released, and was not paid."""
    owed = order.owed - order.unreleased
    # A source may declare an order paid although the amounts differ; a loss breaks the promise.
    if order.paid_at and not order.written_off:
        owed = min(owed, order.paid_amount)
    return max(owed - condition.paid_before, ZERO)


def is_met(condition: ReleaseCondition, order: Order) -> bool:
    """Whether the condition is met by the order as it stands, whatever was marked before."""
    if condition.kind == ConditionKind.PREPAY:
        return not order.unpaid or order.paid_amount >= to_prepay(condition, order)
    if condition.kind == ConditionKind.AMOUNT:
        return not order.unreleased
    if condition.kind == ConditionKind.PAY_WITHIN:
        return order.paid_amount - condition.paid_before >= promised(condition, order)
    return condition.state == ConditionState.MET


def keeps_back(condition: ReleaseCondition, order: Order, leaving: Decimal, rest: Decimal) -> bool:
    """Whether goods worth `leaving`, of `rest` that has not shipped, must wait for it."""
    if condition.kind == ConditionKind.AMOUNT:
        return leaving > rest - order.unreleased
    return condition.kind in BEFORE_SHIPPING and not is_met(condition, order)


def demand(condition: ReleaseCondition, order: Order) -> str:
    """What the condition asks, as a sentence."""
    return recorded_demand(
        {name: getattr(condition, name) for name in ("kind", *_FIGURES.values())}
        | {"currency": order.currency}
    )


def recorded_demand(figures: Mapping[str, Any]) -> str:
    """What a condition asks, from the figures that the journal keeps of it."""
    kind = figures["kind"]
    if kind == ConditionKind.PREPAY:
        return _("%(percent)s%% of the total is paid before anything ships.") % {
            "percent": _percent(Decimal(figures["percent"]))
        }
    if kind == ConditionKind.GUARANTEE:
        return _("Received before anything ships: %(document)s.") % {"document": figures["text"]}
    if kind == ConditionKind.AMOUNT:
        amount = f"{money(Decimal(figures['amount']))} {figures['currency']}"
        return _("Released up to %(amount)s; no more than that ships.") % {"amount": amount}
    text = ngettext(
        "The order is paid within %(days)d day of its release.",
        "The order is paid within %(days)d days of its release.",
        figures["days"],
    )
    return text % {"days": figures["days"]}


def progress(condition: ReleaseCondition, order: Order) -> str:
    """How far it is met, in figures; nothing where there are none."""
    if condition.kind == ConditionKind.PREPAY:
        return _("%(paid)s of %(needed)s prepaid") % {
            "paid": money(order.paid_amount),
            "needed": _money(to_prepay(condition, order), order),
        }
    if condition.kind == ConditionKind.PAY_WITHIN:
        due = promised(condition, order)
        came = min(max(order.paid_amount - condition.paid_before, ZERO), due)
        return _("%(paid)s of %(needed)s paid") % {
            "paid": money(came),
            "needed": _money(due, order),
        }
    if condition.kind == ConditionKind.AMOUNT and order.unreleased:
        return _("%(amount)s of the order is not released") % {
            "amount": _money(order.unreleased, order)
        }
    return ""


def way_out(condition: ReleaseCondition, order: Order, rest: Decimal) -> str:
    """What is missing so that goods may leave, and what to do about it, as sentences."""
    if condition.kind == ConditionKind.PREPAY:
        return _(
            "%(percent)s%% must be paid in advance, %(progress)s: record the payment when it comes."
        ) % {
            "percent": _percent(condition.percent or ZERO),
            "progress": progress(condition, order),
        }
    if condition.kind == ConditionKind.GUARANTEE:
        return _(
            "“%(document)s” must be received: finance or a credit analyst confirms it on the page "
            "of the order."
        ) % {"document": condition.text}
    return _(
        "Only %(amount)s is released, so %(left)s more may ship: ship less, or give the rest up."
    ) % {
        "amount": _money(condition.amount or ZERO, order),
        "left": _money(max(rest - order.unreleased, ZERO), order),
    }


def _percent(percent: Decimal) -> str:
    return number_format(format(percent.normalize(), "f"))


def _money(amount: Decimal, order: Order) -> str:
    return f"{money(amount)} {order.currency}"
