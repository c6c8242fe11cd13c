"""Where a version in the shadow came to another verdict than the one in force."""

from django.db.models import Q

from orders.enums import Outcome


def blocked_by_shadow() -> Q:
    """Shadow decisions that would have stopped an order which passed."""
    return Q(outcome=Outcome.FAILED, decision__outcome=Outcome.PASSED)


def passed_by_shadow() -> Q:
    """Shadow decisions that would have let an order pass which had reasons against it."""
    return Q(outcome=Outcome.PASSED) & ~Q(decision__outcome=Outcome.PASSED)


def differing(which: str) -> Q:
    """Those of one kind ("more" or "fewer" orders stopped), or of both."""
    known = {"more": blocked_by_shadow(), "fewer": passed_by_shadow()}
    return known.get(which) or blocked_by_shadow() | passed_by_shadow()
