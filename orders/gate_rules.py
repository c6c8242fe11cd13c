"""The rules of a credit policy, asked about an order, and what their answers come to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from credit.checks import HIT, CheckResult
from credit.content import Content
from credit.days import company_day
from credit.enums import CheckSeverity, Verdict
from credit.sentences import RULE
from orders.models import ProductFlag
from orders.risk import flags_on
from rules import subjects
from rules.compiler import FALSE, MISSING, TRUE
from rules.observing import observe_conditions


def ask_rules(content: Content, order_id: int, at: datetime) -> dict[str, Any]:
    """How each gate rule of the policy came out for the order, with what it saw."""
    wanted = {
        rule["code"]: rule["condition"]
        for rule in content["rules"]
        if rule["severity"] != CheckSeverity.OFF
    }
    if not wanted:
        return {}
    asked = observe_conditions(wanted, subjects.get("order"), order_id, at)
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
