"""Whether a release still covers an order that was changed after it."""

from collections.abc import Mapping, Set
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from credit.content import Content
from orders.enums import Outcome
from orders.models import Order

_HUNDRED = Decimal(100)
_RESTED_ON = ("currency", "payment_days", "ship_to_name", "ship_to_address")


def uncovered(
    order: Order, before: Mapping[str, Any], content: Content, reasons: Set[str]
) -> list[str]:
    """Why the release does not cover the order as it is now, in sentences; empty where it does.

    `before` is what the order said when it was released, `content` the policy that governs now,
    `reasons` the checks that block now.
    """
    why = []
    if any(before[name] != getattr(order, name) for name in _RESTED_ON):
        why.append(_("The payment terms or the ship-to changed, on which the release rested."))
    most = tolerated(order, content)
    if order.total > most:
        why.append(
            _("The order grew beyond the %(most)s %(currency)s that the release covers.")
            % {"most": number_format(most, 2, force_grouping=True), "currency": order.currency}
        )
    last = order.decisions.filter(outcome__in=[Outcome.WAIVED, Outcome.PASSED]).latest("pk")
    if reasons - last.reason_codes:
        why.append(_("There are reasons against it that nobody has waived."))
    return why


def tolerated(order: Order, content: Content) -> Decimal:
    """Up to which total the release stands: what was released, and what the policy adds."""
    released = order.released_total if order.released_total is not None else order.total
    growth = content["release"]
    by_percent = released * Decimal(growth["growth_percent"]) / _HUNDRED
    return released + min(by_percent, Decimal(growth["growth_amount"]))
