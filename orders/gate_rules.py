"""The rules of a credit policy, asked about orders, and what their answers come to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from credit.checks import HIT, CheckResult
from credit.content import Content
from credit.days import company_day
from credit.enums import CheckSeverity, Verdict
from credit.governing import content_of
from credit.sentences import RULE
from orders.models import ProductFlag
from orders.risk import flags_on
from rules import subjects
from rules.compiler import FALSE, MISSING, TRUE
from rules.conditions import asks_of_others
from rules.observing import observe_conditions, observe_conditions_many


def ask_rules(content: Content, order_id: int, at: datetime) -> dict[str, Any]:
    """How each gate rule of the policy came out for the order, with what it saw."""
    wanted = _conditions(content)
    if not wanted:
        return {}
    asked = observe_conditions(wanted, subjects.get("order"), order_id, at)
    return _with_flags(asked, order_id, at)


def ask_rules_many(
    content: Content, order_ids: Sequence[int], at: datetime
) -> dict[int, dict[str, Any]]:
    """What `ask_rules` says of each order, in one query for all. Orders that are gone are left out.

    Each is asked as if the others were not there to be submitted; see `compares_orders`.
    """
    wanted = _conditions(content)
    if not wanted:
        return {order_id: {} for order_id in order_ids}
    asked = observe_conditions_many(wanted, subjects.get("order"), order_ids, at)
    return {order_id: _with_flags(row, order_id, at) for order_id, row in asked.items()}


@lru_cache(maxsize=512)
def compares_orders(version_id: int) -> bool:
    """Whether a gate rule of the version looks at other orders than the one it is asked about.

    The content of a version that is no draft any more never changes.
    """
    conditions = _conditions(content_of(version_id)).values()
    return any(asks_of_others(condition, subjects.get("order")) for condition in conditions)


def _conditions(content: Content) -> dict[str, Any]:
    return {
        rule["code"]: rule["condition"]
        for rule in content["rules"]
        if rule["severity"] != CheckSeverity.OFF
    }


def _with_flags(asked: dict[str, Any], order_id: int, at: datetime) -> dict[str, Any]:
    """Add the evidence to rules that found flagged goods."""
    flagged = [code for code, row in asked.items() if row["outcome"] == TRUE and _on_flags(row)]
    evidence = [_evidence(flag) for flag in flags_on(order_id, at)] if flagged else []
    for code in flagged:
        asked[code]["flags"] = evidence
    return asked


def _on_flags(asked: Mapping[str, Any]) -> bool:
    """Whether the rule asks for flagged goods, so that its reader wants to see the flags."""
    return any(seen["fact"].startswith("order.flagged") for seen in asked["seen"])


def _evidence(flag: ProductFlag) -> dict[str, str]:
    return {
        "kind": flag.kind,
        "on": str(flag.product) if flag.product else flag.category,
        "lot": flag.lot,
        "evidence": flag.evidence,
        "raised_on": company_day(flag.raised_at).isoformat(),
    }


def rule_result(rule: Content, asked: Mapping[str, Any] | None) -> CheckResult:
    """What the check of a rule says, from how the rule came out; None where nobody asked. Pure."""
    code = f"{RULE}{rule['code']}"
    figures = {"names": rule["names"]}
    if asked:
        figures |= {name: asked[name] for name in ("seen", "flags") if name in asked}
    if rule["severity"] == CheckSeverity.OFF:
        return CheckResult(code, Verdict.SKIPPED, figures)
    verdicts = {TRUE: HIT[rule["severity"]], FALSE: Verdict.PASSED, MISSING: Verdict.UNKNOWN}
    return CheckResult(code, verdicts[asked["outcome"] if asked else MISSING], figures)
