"""Checks of who the customer is."""

from datetime import date

from credit.checks.case import Case, Found
from credit.content import Content
from credit.enums import CustomerStatus, RiskClass


def blacklist(case: Case, _setting: Content) -> Found:
    """Whether the customer is blacklisted."""
    return _has_status(case, CustomerStatus.BLACKLISTED)


def watch_list(case: Case, _setting: Content) -> Found:
    """Whether the customer is on the watch list."""
    return _has_status(case, CustomerStatus.WATCH)


def _has_status(case: Case, status: str) -> Found:
    observed = case.customer["status"]
    figures = {"observed": observed, "reason": case.customer["status_reason"]}
    return Found(observed == status, figures)


def risk_class(case: Case, setting: Content) -> Found:
    """Whether the customer's risk class is worse than the worst that passes."""
    observed = case.customer["risk_class"]
    figures = {"observed": observed, "threshold": setting["worst"]}
    if not observed:
        return Found(True if setting["unrated"] else None, figures)
    order = list(RiskClass.values)
    return Found(order.index(observed) > order.index(setting["worst"]), figures)


def review(case: Case, setting: Content) -> Found:
    """Whether the day by which the credit was to be reviewed is past."""
    due = case.account["review_on"]
    if due is None:
        return Found(False, {"observed": None})
    late = (case.today - date.fromisoformat(due)).days
    figures = {"observed": due, "days": max(late, 0), "threshold": setting["days"]}
    return Found(late > setting["days"], figures)
