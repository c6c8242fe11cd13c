"""Checks of what the customer may use: its own limit, those of its groups, and their days."""

from decimal import Decimal
from typing import Any

from credit.checks.case import HUNDRED, Case, Facts, Found
from credit.content import Content
from credit.limits import Granted
from credit.money import ZERO, quantize

_NO_LIMIT = Decimal("Infinity")


def limit(case: Case, setting: Content) -> Found:
    """What is used and this order, against the account's own limit."""
    granted_now, need = case.limit, case.need or ZERO
    figures: dict[str, Any] = {
        "kind": granted_now.kind,
        "inherited": granted_now.inherited,
        "currency": case.currency,
        "reserved": case.account["reserved"],
        "delivered": case.account["delivered"],
        "receivable": case.account["receivable"],
        "used": str(case.used),
        "order": str(need),
        "observed": str(case.used + need),
        "percent": setting["percent"],
        "tolerance": str(case.tolerated(setting["tolerance"])),
    }
    known = case.need is not None and not granted_now.missing_rate
    return _found(granted_now, need, figures, known)


def _found(granted_now: Granted, need: Decimal, figures: dict[str, Any], known: bool) -> Found:
    if not known:
        return Found(None, figures)
    if granted_now.amount is None:
        return Found(False, figures)
    for part in ("base", "temporary", "secured"):
        figures[part] = str(getattr(granted_now, part))
    return _against(granted_now.amount, need, figures)


def _against(limit: Decimal, need: Decimal, figures: dict[str, Any]) -> Found:
    """Compare what would be used with what may be: `percent` of the limit and the tolerance."""
    threshold = quantize(limit * Decimal(figures["percent"]) / HUNDRED)
    excess = Decimal(figures["observed"]) - threshold
    figures |= {
        "limit": str(limit),
        "threshold": str(threshold),
        "headroom": str(-excess),
        "excess": str(max(excess, ZERO)),
    }
    # An order paid in full beforehand needs no credit, so it cannot exceed any.
    return Found(need > 0 and excess > Decimal(figures["tolerance"]), figures)


def group_limit(case: Case, setting: Content) -> Found:
    """Each group above the account, and the account counts with the tightest of them."""
    pairs = zip(case.groups, case.group_limits, strict=True)
    found = [_one_group(case, group, granted_now, setting) for group, granted_now in pairs]
    if not found:
        return Found(False, {"groups": []})
    # Passed or not, the group with the least left is the one to tell about.
    rank = {True: 0, None: 1, False: 2}
    tightest = min(
        found, key=lambda each: (rank[each.hit], Decimal(each.figures.get("headroom", _NO_LIMIT)))
    )
    return Found(tightest.hit, tightest.figures | {"groups": [each.figures for each in found]})


def _one_group(case: Case, group: Facts, granted_now: Granted, setting: Content) -> Found:
    currency, rates = group["currency"], case.rates
    parts = [
        rates.convert(Decimal(used), each, currency) for each, used in group["members"].items()
    ]
    held = rates.convert(Decimal(case.order["held"]), case.currency, currency)
    need = None if case.need is None else rates.convert(case.need, case.currency, currency)
    used = Decimal(group["used"]) + sum((part or ZERO for part in parts), ZERO) - (held or ZERO)
    figures: dict[str, Any] = {
        "group": group["name"],
        "kind": granted_now.kind,
        "currency": currency,
        "used": str(used),
        "order": str(need or ZERO),
        "observed": str(used + (need or ZERO)),
        "percent": setting["percent"],
        "tolerance": str(case.tolerated(setting["tolerance"], currency)),
    }
    known = need is not None and None not in parts and not granted_now.missing_rate
    return _found(granted_now, need or ZERO, figures, known)


def limit_expired(case: Case, _setting: Content) -> Found:
    """Whether the last day of the base limit is over, the account's own or that of a group."""
    owners = ["", *(group["name"] for group in case.groups)]
    for owner, granted_now in zip(owners, [case.limit, *case.group_limits], strict=True):
        if granted_now.expired_on:
            return Found(True, {"observed": granted_now.expired_on.isoformat(), "group": owner})
    return Found(False, {"observed": None, "group": ""})
