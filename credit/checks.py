"""The credit checks: pure functions of recorded facts and a policy's content.

`evaluate` takes what `credit.standing` read and what `credit.content` describes, both JSON, and
nothing else; so a recorded decision can be computed again at any time. Amounts in the results are
in the account's currency, as strings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from credit.content import Content
from credit.enums import (
    CheckCode,
    CheckSeverity,
    CustomerStatus,
    Exemption,
    RiskClass,
    Verdict,
)
from credit.limits import Granted, granted
from credit.money import ZERO, quantize
from credit.rates import Rates

Facts = Mapping[str, Any]
_HUNDRED = Decimal(100)
HIT = {
    CheckSeverity.BLOCK: Verdict.BLOCKED,
    CheckSeverity.WARN: Verdict.WARNED,
    CheckSeverity.INFORM: Verdict.INFORMED,
}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found. `figures` hold what its sentence needs, amounts as strings."""

    code: str
    verdict: str
    figures: dict[str, Any] = field(default_factory=dict)
    documents: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The result as it is kept in a decision."""
        return {
            "code": self.code,
            "verdict": self.verdict,
            "figures": self.figures,
            "documents": self.documents,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """Whether a check's condition is met, before its severity says what follows from that."""

    hit: bool | None
    figures: dict[str, Any] = field(default_factory=dict)
    documents: list[dict[str, str]] = field(default_factory=list)


class Case:
    """One order before the checks: the facts with the sums that several checks share."""

    def __init__(self, facts: Facts, content: Content) -> None:
        self.facts = facts
        self.order: Facts = facts["order"]
        self.account: Facts = facts["account"]
        self.customer: Facts = facts["customer"]
        self.rates = Rates.of(facts["rates"])
        self.policy_currency: str = content["currency"]
        self.today = date.fromisoformat(facts["day"])

    @cached_property
    def currency(self) -> str:
        return str(self.account["currency"])

    @cached_property
    def need(self) -> Decimal | None:
        """What the order needs of the limit, in the account's currency; None without a rate."""
        return self.rates.convert(
            Decimal(self.order["need"]), self.order["currency"], self.currency
        )

    @cached_property
    def total(self) -> Decimal | None:
        return self.rates.convert(
            Decimal(self.order["total"]), self.order["currency"], self.currency
        )

    @cached_property
    def used(self) -> Decimal:
        """What everything but this order uses of the account."""
        buckets = ("reserved", "delivered", "receivable")
        whole = sum((Decimal(self.account[name]) for name in buckets), ZERO)
        return whole - Decimal(self.order["held"])

    @cached_property
    def limit(self) -> Granted:
        return granted(
            self.account["limits"],
            self.facts["segment"],
            self.currency,
            self.rates,
            self.today,
            in_group=bool(self.facts["groups"]),
        )

    def allowed(self, amount: str, currency: str = "") -> Decimal:
        """An amount of the policy in `currency`; nothing where its rate is not known."""
        value = Decimal(amount)
        if not value:
            return ZERO
        return self.rates.convert(value, self.policy_currency, currency or self.currency) or ZERO

    @cached_property
    def missing_rates(self) -> list[str]:
        """The currencies, into the account's, whose rate nobody entered."""
        missing = {self.order["currency"]} if self.need is None else set()
        if self.limit.missing_rate:
            missing.add(self.limit.missing_rate)
        for group in self.facts["groups"]:
            for currency in {self.currency, *group["members"]}:
                if self.rates.rate(currency, group["currency"]) is None:
                    missing.add(f"{currency}/{group['currency']}")
        return sorted(missing)


def evaluate(facts: Facts, content: Content) -> list[CheckResult]:
    """Every check's result, in the policy's order; nothing stops early. Amounts as recorded."""
    case = Case(facts, content)
    skips = exemptions(case, content)
    return [_result(case, setting, skips) for setting in content["checks"]]


def exemptions(case: Case, content: Content) -> dict[str, str]:
    """The checks that are skipped for this order, each with the exemption that says so."""
    skips: dict[str, str] = {}
    for row in content["exemptions"]:
        if _APPLIES[row["exemption"]](case, row):
            skips |= dict.fromkeys(row["skips"], row["exemption"])
    return skips


def _is_cash(case: Case, _row: Content) -> bool:
    return bool(case.order["payment_days"] == 0)


def _is_prepaid(case: Case, row: Content) -> bool:
    paid, total = Decimal(case.order["paid"]), Decimal(case.order["total"])
    return paid > 0 and paid * _HUNDRED >= total * Decimal(row["percent"])


_APPLIES: dict[str, Callable[[Case, Content], bool]] = {
    Exemption.CASH: _is_cash,
    Exemption.PREPAID: _is_prepaid,
}


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


def _blacklist(case: Case, _setting: Content) -> Found:
    status = case.customer["status"]
    figures = {"observed": status, "reason": case.customer["status_reason"]}
    return Found(status == CustomerStatus.BLACKLISTED, figures)


def _watch_list(case: Case, _setting: Content) -> Found:
    status = case.customer["status"]
    figures = {"observed": status, "reason": case.customer["status_reason"]}
    return Found(status == CustomerStatus.WATCH, figures)


def _rate(case: Case, _setting: Content) -> Found:
    pair = f"{case.order['currency']}/{case.currency}"
    figures: dict[str, Any] = {"missing": case.missing_rates, "currency": case.currency}
    if row := case.facts["rates"].get(pair):
        figures |= {"pair": pair, "rate": row["rate"], "on": row["on"]}
    return Found(bool(case.missing_rates), figures)


def _limit(case: Case, setting: Content) -> Found:
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
        "tolerance": str(case.allowed(setting["tolerance"])),
    }
    if granted_now.amount is None:
        return Found(False, figures)
    for part in ("base", "temporary", "secured"):
        figures[part] = str(getattr(granted_now, part))
    return _against(granted_now.amount, need, figures)


def _against(limit: Decimal, need: Decimal, figures: dict[str, Any]) -> Found:
    """Compare what would be used with what may be: `percent` of the limit and the tolerance."""
    threshold = quantize(limit * Decimal(figures["percent"]) / _HUNDRED)
    excess = Decimal(figures["observed"]) - threshold
    figures |= {
        "limit": str(limit),
        "threshold": str(threshold),
        "headroom": str(-excess),
        "excess": str(max(excess, ZERO)),
    }
    # An order paid in full beforehand needs no credit, so it cannot exceed any.
    return Found(need > 0 and excess > Decimal(figures["tolerance"]), figures)


def _group_limit(case: Case, setting: Content) -> Found:
    """Each group above the account, and the account counts with the tightest of them."""
    chain = case.facts["groups"]
    found = [_one_group(case, group, setting, group is not chain[-1]) for group in chain]
    groups = [each.figures for each in found]
    if not groups:
        return Found(False, {"groups": []})
    tightest = min(
        found,
        key=lambda each: (not each.hit, Decimal(each.figures.get("headroom", "Infinity"))),
    )
    return Found(tightest.hit, tightest.figures | {"groups": groups})


def _one_group(case: Case, group: Facts, setting: Content, in_group: bool) -> Found:
    currency = group["currency"]
    limit = granted(
        group["limits"], group["segment"], currency, case.rates, case.today, in_group=in_group
    )
    # What cannot be converted counts as nothing here; the check of the rates blocks because of it.
    used = Decimal(group["used"]) + sum(
        (case.rates.convert(Decimal(used), each, currency) or ZERO)
        for each, used in group["members"].items()
    )
    held = case.rates.convert(Decimal(case.order["held"]), case.currency, currency) or ZERO
    need = case.rates.convert(case.need or ZERO, case.currency, currency) or ZERO
    figures: dict[str, Any] = {
        "group": group["name"],
        "kind": limit.kind,
        "currency": currency,
        "used": str(used - held),
        "order": str(need),
        "observed": str(used - held + need),
        "percent": setting["percent"],
        "tolerance": str(case.allowed(setting["tolerance"], currency)),
    }
    if limit.amount is None:
        return Found(False, figures)
    return _against(limit.amount, need, figures)


def _limit_expired(case: Case, _setting: Content) -> Found:
    expired = case.limit.expired_on
    return Found(expired is not None, {"observed": expired.isoformat() if expired else None})


def _overdue(case: Case, setting: Content) -> Found:
    late: Facts = case.facts["overdue"]
    tolerated = case.allowed(setting["amount"])
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


def _oldest(case: Case, setting: Content) -> Found:
    oldest: Facts = case.facts["oldest"]
    figures = {"observed": oldest["days"], "threshold": setting["days"], "number": oldest["number"]}
    return Found(oldest["days"] > setting["days"], figures)


def _promises(case: Case, setting: Content) -> Found:
    broken = case.facts["promises"]
    figures = {
        "observed": broken,
        "threshold": setting["count"],
        "within_days": setting["within_days"],
    }
    return Found(broken > setting["count"], figures)


def _risk_class(case: Case, setting: Content) -> Found:
    observed = case.customer["risk_class"]
    figures = {"observed": observed, "threshold": setting["worst"]}
    if not observed:
        return Found(True if setting["unrated"] else None, figures)
    order = list(RiskClass.values)
    return Found(order.index(observed) > order.index(setting["worst"]), figures)


def _document_value(case: Case, setting: Content) -> Found:
    threshold, total = case.allowed(setting["amount"]), case.total
    figures = {
        "currency": case.currency,
        "observed": None if total is None else str(total),
        "threshold": str(threshold),
    }
    return Found(None if total is None else total > threshold, figures)


def _terms(case: Case, setting: Content) -> Found:
    observed, own = case.order["payment_days"], case.customer["payment_days"]
    figures = {"observed": observed, "threshold": own, "tolerated_days": setting["days"]}
    return Found(observed > own + setting["days"], figures)


def _review(case: Case, setting: Content) -> Found:
    due = case.account["review_on"]
    if due is None:
        return Found(None, {"observed": None})
    late = (case.today - date.fromisoformat(due)).days
    figures = {"observed": due, "days": max(late, 0), "threshold": setting["days"]}
    return Found(late > setting["days"], figures)


def _first_order(case: Case, _setting: Content) -> Found:
    return Found(case.order["first"], {"observed": case.order["first"]})


CHECKS: dict[str, Callable[[Case, Content], Found]] = {
    CheckCode.BLACKLIST: _blacklist,
    CheckCode.WATCH_LIST: _watch_list,
    CheckCode.RATE: _rate,
    CheckCode.LIMIT: _limit,
    CheckCode.GROUP_LIMIT: _group_limit,
    CheckCode.LIMIT_EXPIRED: _limit_expired,
    CheckCode.OVERDUE: _overdue,
    CheckCode.OLDEST: _oldest,
    CheckCode.PROMISES: _promises,
    CheckCode.RISK_CLASS: _risk_class,
    CheckCode.DOCUMENT_VALUE: _document_value,
    CheckCode.TERMS: _terms,
    CheckCode.REVIEW: _review,
    CheckCode.FIRST_ORDER: _first_order,
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
