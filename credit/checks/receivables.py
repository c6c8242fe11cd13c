"""Checks of what the customer owes and promised."""

from decimal import Decimal

from credit.checks.case import Case, Facts, Found
from credit.content import Content


def overdue(case: Case, setting: Content) -> Found:
    """What is overdue by more than the tolerated days, against the tolerated amount."""
    late: Facts = case.facts["overdue"]
    tolerated = case.tolerated(setting["amount"])
    figures = {
        "currency": case.currency,
        "observed": late["amount"],
        "threshold": str(tolerated),
        "days": late["days"],
        "tolerated_days": setting["days"],
        "count": late["count"],
        "disputed": late["disputed"],
    }
    return Found(Decimal(late["amount"]) > tolerated, figures, late["invoices"])


def oldest(case: Case, setting: Content) -> Found:
    """How long the oldest open item is overdue."""
    item: Facts = case.facts["oldest"]
    figures = {"observed": item["days"], "threshold": setting["days"], "number": item["number"]}
    return Found(item["days"] > setting["days"], figures)


def promises(case: Case, setting: Content) -> Found:
    """How many promises to pay were broken lately."""
    broken = case.facts["promises"]
    figures = {
        "observed": broken,
        "threshold": setting["count"],
        "within_days": setting["within_days"],
    }
    return Found(broken > setting["count"], figures)
