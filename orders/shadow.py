"""Where a version in the shadow came to another verdict or other reasons than the one in force."""

from django.db.models import BooleanField, Func, JSONField, Q

from orders.enums import Outcome
from orders.models import ShadowDecision


class _Reasons(Func):
    """The codes of the checks that block, as a list in JSON."""

    template = """jsonb_path_query_array(
        %(expressions)s, '$[*] ? (@.verdict == "blocked").code')"""
    output_field = JSONField()


def blocked_by_shadow() -> Q:
    """Shadow decisions that would have stopped an order which passed."""
    return Q(outcome=Outcome.FAILED, decision__outcome=Outcome.PASSED)


def passed_by_shadow() -> Q:
    """Shadow decisions that would have let an order pass which had reasons against it."""
    return Q(outcome=Outcome.PASSED) & ~Q(decision__outcome=Outcome.PASSED)


def same_reasons() -> Q:
    """Shadow decisions whose checks block exactly where those in force do."""
    reasons, tried = _Reasons("decision__checks"), _Reasons("checks")
    # Lists of texts contain one another when they hold the same texts, in whatever order.
    return Q(_Contains(reasons, tried)) & Q(_Contains(tried, reasons))


class _Contains(Func):
    template = "(%(expressions)s)"
    arg_joiner = " @> "
    output_field = BooleanField()


def differing(which: str) -> Q:
    """Those that differ as `which` says; without it, in verdict or in reasons.

    "more" or "fewer" orders stopped, "outcome" for both, "reasons" for the same verdict with new or
    dropped reasons, "same" for no difference.
    """
    outcome = blocked_by_shadow() | passed_by_shadow()
    return {
        "more": blocked_by_shadow(),
        "fewer": passed_by_shadow(),
        "outcome": outcome,
        "reasons": ~outcome & ~same_reasons(),
        "same": ~outcome & same_reasons(),
    }.get(which, outcome | ~same_reasons())


def changed_reasons(shadow: ShadowDecision) -> tuple[set[str], set[str]]:
    """Codes that block under the shadow only, and those that block without it only."""
    real, tried = shadow.decision.reason_codes, shadow.reason_codes
    return tried - real, real - tried
