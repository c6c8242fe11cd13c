"""The credit checks: pure functions of recorded facts and a policy's content.

`evaluate` takes what `credit.standing` read and what `credit.content` describes, both JSON, and
nothing else; so a recorded decision can be computed again at any time. Amounts in the results are
in the account's currency, as strings.
"""

from collections.abc import Callable, Mapping

from credit.checks import customer, limits, order, receivables
from credit.checks.case import Case, CheckResult, Facts, Found
from credit.checks.exemptions import exemptions
from credit.content import Content
from credit.enums import CheckCode, CheckSeverity, Verdict

__all__ = ["CHECKS", "HIT", "WEIGHT", "Case", "CheckResult", "evaluate"]

HIT = {
    CheckSeverity.BLOCK: Verdict.BLOCKED,
    CheckSeverity.WARN: Verdict.WARNED,
    CheckSeverity.INFORM: Verdict.INFORMED,
}
# The order in which verdicts weigh, the heaviest first.
WEIGHT = (
    Verdict.BLOCKED,
    Verdict.WARNED,
    Verdict.INFORMED,
    Verdict.UNKNOWN,
    Verdict.PASSED,
    Verdict.EXEMPT,
    Verdict.SKIPPED,
)
CHECKS: dict[str, Callable[[Case, Content], Found]] = {
    CheckCode.BLACKLIST: customer.blacklist,
    CheckCode.WATCH_LIST: customer.watch_list,
    CheckCode.RATE: order.rate,
    CheckCode.LIMIT: limits.limit,
    CheckCode.GROUP_LIMIT: limits.group_limit,
    CheckCode.LIMIT_EXPIRED: limits.limit_expired,
    CheckCode.OVERDUE: receivables.overdue,
    CheckCode.OLDEST: receivables.oldest,
    CheckCode.PROMISES: receivables.promises,
    CheckCode.RISK_CLASS: customer.risk_class,
    CheckCode.DOCUMENT_VALUE: order.document_value,
    CheckCode.TERMS: order.terms,
    CheckCode.REVIEW: customer.review,
    CheckCode.FIRST_ORDER: order.first_order,
}


def evaluate(facts: Facts, content: Content) -> list[CheckResult]:
    """Every check's result, in the policy's order; nothing stops early. Amounts as recorded."""
    case = Case(facts, content)
    skips = exemptions(case, content)
    return [_result(case, setting, skips) for setting in content["checks"]]


def _result(case: Case, setting: Content, skips: Mapping[str, str]) -> CheckResult:
    code = setting["check"]
    found = CHECKS[code](case, setting)
    if code in skips:
        return CheckResult(code, Verdict.EXEMPT, {"exemption": skips[code]} | found.figures)
    if setting["severity"] == CheckSeverity.OFF:
        return CheckResult(code, Verdict.SKIPPED, found.figures)
    if found.hit is None:
        return CheckResult(code, Verdict.UNKNOWN, found.figures)
    verdict = HIT[setting["severity"]] if found.hit else Verdict.PASSED
    return CheckResult(code, verdict, found.figures, found.documents)
