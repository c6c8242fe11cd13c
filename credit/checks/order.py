"""Checks of the order itself."""

from typing import Any

from credit.checks.case import Case, Found
from credit.content import Content


def rate(case: Case, _setting: Content) -> Found:
    """Whether a rate is missing that another check needs."""
    pair = f"{case.order['currency']}/{case.currency}"
    figures: dict[str, Any] = {"missing": case.missing_rates, "currency": case.currency}
    if row := case.facts["rates"].get(pair):
        figures |= {"pair": pair, "rate": row["rate"], "on": row["on"]}
    return Found(bool(case.missing_rates), figures)


def document_value(case: Case, setting: Content) -> Found:
    """Whether the order alone comes to too much, with tax and whatever is paid of it."""
    threshold, total = case.allowed(setting["amount"]), case.total
    figures = {
        "currency": case.currency,
        "observed": None if total is None else str(total),
        "threshold": None if threshold is None else str(threshold),
    }
    if total is None or threshold is None:
        return Found(None, figures)
    return Found(total > threshold, figures)


def terms(case: Case, setting: Content) -> Found:
    """Whether the order is to be paid later than the customer's own terms say."""
    observed, own = case.order["payment_days"], case.customer["payment_days"]
    figures = {"observed": observed, "threshold": own, "tolerated_days": setting["days"]}
    return Found(observed > own + setting["days"], figures)


def first_order(case: Case, _setting: Content) -> Found:
    """Whether no order of the customer was released before; None where nobody looked."""
    return Found(case.order["first"], {"observed": case.order["first"]})
