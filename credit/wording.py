"""What a policy version asks, in the reader's language: values, gate rules and whole checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from credit import content as parts
from credit.content import Content, Threshold
from credit.enums import CheckCode, CheckSeverity, Exemption, RiskClass
from credit.sentences.figures import days
from rules import subjects
from rules.conditions import ConditionError
from rules.sentences import sentence
from staff.figures import figure, money
from staff.listing import listed


def value(threshold: Threshold, raw: Any, currency: str) -> str:
    """One stored threshold as it is read; amounts in the policy's currency."""
    if threshold.kind == parts.AMOUNT:
        return f"{money(Decimal(raw))} {currency}"
    if threshold.kind == parts.PERCENT:
        return f"{figure(Decimal(raw))} %"
    if threshold.kind == parts.FLAG:
        return _("yes") if raw else _("no")
    return str(RiskClass(raw).label) if threshold.kind == parts.CLASS else str(raw)


def rule_name(rule: Content) -> str:
    """The name of a gate rule in the active language, in English where it has no other."""
    return str(rule["names"].get((get_language() or "en").lower()) or rule["names"]["en"])


def condition(rule: Content) -> str:
    """When a gate rule hits, as a sentence; a condition that no longer fits says so."""
    try:
        return sentence(rule["condition"], subjects.get("order"))
    except ConditionError as error:
        return " ".join(error.messages)


@dataclass(frozen=True)
class Line:
    """One thing that a version asks: what it is called, how strict it is, when it hits."""

    label: str
    severity: str
    text: str

    @property
    def severity_label(self) -> str:
        return str(CheckSeverity(self.severity).label)

    @property
    def off(self) -> bool:
        return bool(self.severity == CheckSeverity.OFF)


def check_lines(content: Content) -> list[Line]:
    """Every check in the order of the version, as a sentence that says when it hits."""
    return [
        Line(str(CheckCode(row["check"]).label), row["severity"], _check(row, content["currency"]))
        for row in content["checks"]
    ]


def rule_lines(content: Content) -> list[Line]:
    """Every gate rule of the version."""
    return [Line(rule_name(rule), rule["severity"], condition(rule)) for rule in content["rules"]]


def exemption_lines(content: Content) -> list[str]:
    """Which orders follow lighter rules, and which checks they skip."""
    return [_exemption(row) for row in content["exemptions"]]


def release_lines(content: Content) -> list[str]:
    """Who releases what passes, how long a release is good, and what may change meanwhile."""
    release, currency = content["release"], content["currency"]
    first = _("An order that passes its checks is released at once.")
    if release.get("asks_person"):
        first = _("An order that passes its checks waits for an approver all the same.")
    valid = release["valid_days"]
    lines = [ngettext("A release is good for %d day.", "A release is good for %d days.", valid)]
    lines = [first, lines[0] % valid]
    if not Decimal(release["growth_percent"]) or not Decimal(release["growth_amount"]):
        return [*lines, _("An order that grows after its release is checked again.")]
    text = _("A released order may grow by %(percent)s, but by no more than %(amount)s.")
    names = ("growth_percent", "growth_amount")
    percent, most = (value(parts.RELEASE[name], release[name], currency) for name in names)
    return [*lines, text % {"percent": percent, "amount": most}]


def exemption_skips(row: Content) -> str:
    """The checks that an exemption skips, side by side."""
    return listed(CheckCode(code).label for code in row["skips"]) or _("nothing")


def _exemption(row: Content) -> str:
    checks = exemption_skips(row)
    if row["exemption"] == Exemption.CASH:
        return _("An order due at once skips: %(checks)s.") % {"checks": checks}
    percent = value(parts.EXEMPTION_VALUES[Exemption.PREPAID]["percent"], row["percent"], "")
    return _("An order paid in advance from %(percent)s on skips: %(checks)s.") % {
        "percent": percent,
        "checks": checks,
    }


def _check(row: Content, currency: str) -> str:
    code = row["check"]
    values = {
        name: _figure(threshold, row[name], currency)
        for name, threshold in parts.THRESHOLDS[code].items()
    }
    text = _texts(row)[code] % values
    if row.get("disputed"):
        return _("%(sentence)s Disputed invoices count too.") % {"sentence": text}
    return text


def _figure(threshold: Threshold, raw: Any, currency: str) -> str:
    return days(raw) if threshold.kind == parts.DAYS else value(threshold, raw, currency)


def _texts(row: Content) -> Mapping[str, str]:
    """When each check hits, with the names of its thresholds."""
    return {
        CheckCode.BLACKLIST: _("The customer is blacklisted."),
        CheckCode.WATCH_LIST: _("The customer is on the watch list."),
        CheckCode.RATE: _("An exchange rate that the order needs is missing."),
        CheckCode.LIMIT: _limit(row),
        CheckCode.GROUP_LIMIT: _group_limit(row),
        CheckCode.LIMIT_EXPIRED: _("The customer's credit limit has expired."),
        CheckCode.OVERDUE: _(
            "More than %(amount)s is overdue; invoices up to %(days)s late do not count."
        ),
        CheckCode.OLDEST: _("The oldest open item is more than %(days)s overdue."),
        CheckCode.PROMISES: _(
            "More than %(count)s promises to pay were broken within %(within_days)s."
        ),
        CheckCode.RISK_CLASS: _risk_class(row),
        CheckCode.DOCUMENT_VALUE: _("The order comes to more than %(amount)s."),
        CheckCode.TERMS: _(
            "The order's payment terms pass the customer's own by more than %(days)s."
        ),
        CheckCode.REVIEW: _("The credit review has been due for more than %(days)s."),
        CheckCode.FIRST_ORDER: _("No order of the customer was released before."),
    }


def _limit(row: Content) -> str:
    if Decimal(row.get("tolerance", 0)):
        return _(
            "With this order more than %(percent)s of the credit limit would be used, by more "
            "than %(tolerance)s."
        )
    return _("With this order more than %(percent)s of the credit limit would be used.")


def _group_limit(row: Content) -> str:
    if Decimal(row.get("tolerance", 0)):
        return _(
            "With this order more than %(percent)s of the limit of a group would be used, by more "
            "than %(tolerance)s."
        )
    return _("With this order more than %(percent)s of the limit of a group would be used.")


def _risk_class(row: Content) -> str:
    if row.get("unrated"):
        return _("The customer's risk class is worse than “%(worst)s”, or there is none yet.")
    return _("The customer's risk class is worse than “%(worst)s”.")
