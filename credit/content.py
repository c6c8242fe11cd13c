"""What a policy version says: its checks with their thresholds, gate rules, exemptions, release.

The content is JSON, so that a version can be compared, kept and replayed:

    {"currency": "CNY",
     "checks": [{"check": "limit", "severity": "block", "percent": "100", "tolerance": "0.00"}, …],
     "rules": [{"code": "large", "names": {"en": …, "zh-hans": …, "zh-hant": …},
                "severity": "block", "condition": …}, …],
     "exemptions": [{"exemption": "prepaid", "percent": "100", "skips": ["limit"]}, …],
     "release": {"asks_person": false, "valid_days": 30, "growth_percent": "0",
                 "growth_amount": "0.00"}}

Amounts are in `currency`. Checks are made, and shown, in the order of the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enums import CheckCode, CheckSeverity, Exemption, RiskClass
from credit.money import CURRENCIES, LARGEST, is_amount
from rules import subjects
from rules.conditions import validate as validate_condition

Content = dict[str, Any]
AMOUNT, PERCENT, DAYS, COUNT, CLASS, FLAG = "amount", "percent", "days", "count", "class", "flag"
MOST_RULES = 30


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value that the administrator sets for a check, and the strictest sensible default."""

    kind: str
    label: str | Promise
    default: Any


T = Threshold
_DISPUTED = T(FLAG, gettext_lazy("count disputed invoices too"), False)
THRESHOLDS: dict[str, dict[str, Threshold]] = {
    CheckCode.BLACKLIST: {},
    CheckCode.WATCH_LIST: {},
    CheckCode.RATE: {},
    CheckCode.LIMIT: {
        "percent": T(PERCENT, gettext_lazy("share of the limit that may be used"), "100"),
        "tolerance": T(AMOUNT, gettext_lazy("tolerated above that"), "0.00"),
    },
    CheckCode.GROUP_LIMIT: {
        "percent": T(PERCENT, gettext_lazy("share of the group's limit that may be used"), "100"),
        "tolerance": T(AMOUNT, gettext_lazy("tolerated above that"), "0.00"),
    },
    CheckCode.LIMIT_EXPIRED: {},
    CheckCode.OVERDUE: {
        "amount": T(AMOUNT, gettext_lazy("tolerated amount"), "0.00"),
        "days": T(DAYS, gettext_lazy("tolerated days"), 0),
        "disputed": _DISPUTED,
    },
    CheckCode.OLDEST: {
        "days": T(DAYS, gettext_lazy("the oldest open item may be overdue by so many days"), 60),
        "disputed": _DISPUTED,
    },
    CheckCode.PROMISES: {
        "count": T(COUNT, gettext_lazy("tolerated broken promises"), 0),
        "within_days": T(DAYS, gettext_lazy("within so many days"), 180),
    },
    CheckCode.RISK_CLASS: {
        "worst": T(CLASS, gettext_lazy("worst class that passes"), RiskClass.D.value),
        "unrated": T(FLAG, gettext_lazy("hits customers without a class too"), False),
    },
    CheckCode.DOCUMENT_VALUE: {"amount": T(AMOUNT, gettext_lazy("largest order"), "1000000.00")},
    CheckCode.TERMS: {
        "days": T(DAYS, gettext_lazy("tolerated days beyond the customer's own terms"), 0)
    },
    CheckCode.REVIEW: {"days": T(DAYS, gettext_lazy("tolerated days after the date"), 0)},
    CheckCode.FIRST_ORDER: {},
}
_STRICT = {
    CheckCode.BLACKLIST,
    CheckCode.RATE,
    CheckCode.LIMIT,
    CheckCode.GROUP_LIMIT,
    CheckCode.LIMIT_EXPIRED,
    CheckCode.OVERDUE,
}
_INFORMING = {CheckCode.WATCH_LIST, CheckCode.REVIEW, CheckCode.TERMS}
# A missing rate leaves the amounts of an order unknown, so nothing can be said about its credit.
ALWAYS_BLOCKS = {CheckCode.RATE}
NOT_SKIPPABLE = {CheckCode.RATE, CheckCode.BLACKLIST}
# A version from before a value existed has its default.
RELEASE = {
    "asks_person": T(FLAG, gettext_lazy("an order that passes waits for an approver too"), False),
    "valid_days": T(DAYS, gettext_lazy("a release is good for so many days"), 30),
    "growth_percent": T(PERCENT, gettext_lazy("growth of the order allowed meanwhile"), "0"),
    "growth_amount": T(AMOUNT, gettext_lazy("growth allowed at most"), "0.00"),
}


def default_severity(code: str) -> str:
    """How strict a check is in a policy that does not say."""
    if code in _STRICT:
        return CheckSeverity.BLOCK
    return CheckSeverity.INFORM if code in _INFORMING else CheckSeverity.OFF


def default_content() -> Content:
    """A policy that applies the checks every company needs, and tolerates nothing."""
    return {
        "currency": "CNY",
        "checks": [
            {"check": code, "severity": default_severity(code)}
            | {name: threshold.default for name, threshold in THRESHOLDS[code].items()}
            for code in (check.value for check in CheckCode)
        ],
        "rules": [],
        "exemptions": [],
        "release": {name: threshold.default for name, threshold in RELEASE.items()},
    }


def clean_content(content: Any) -> Content:
    """The content in its canonical form. Raises ValidationError that names the faulty part."""
    if not isinstance(content, dict):
        raise ValidationError(_("A policy is an object with checks, rules and exemptions."))
    unknown = set(content) - {"currency", "checks", "rules", "exemptions", "release"}
    if unknown:
        raise ValidationError(_("A policy has no part “%(name)s”.") % {"name": sorted(unknown)[0]})
    if content.get("currency") not in dict(CURRENCIES):
        raise ValidationError(_("Choose the currency of the policy's amounts."))
    return {
        "currency": content["currency"],
        "checks": _clean_checks(content.get("checks", [])),
        "rules": _clean_rules(content.get("rules", [])),
        "exemptions": _clean_exemptions(content.get("exemptions", [])),
        "release": _clean_values(RELEASE, content.get("release", {}), _("Release of orders")),
    }


def _clean_checks(checks: Any) -> list[Content]:
    codes = [row.get("check") for row in checks]
    if sorted(codes, key=str) != sorted(CheckCode.values):
        raise ValidationError(_("List each check once; switch off those that are not wanted."))
    made = []
    for row in checks:
        code, severity = CheckCode(row["check"]), row.get("severity")
        if severity not in CheckSeverity.values:
            raise ValidationError(
                _("%(check)s: choose a severity.") % {"check": code.label}, code=code.value
            )
        if code in ALWAYS_BLOCKS and severity != CheckSeverity.BLOCK:
            raise ValidationError(
                _("%(check)s: without a rate nothing can be checked, so this always blocks.")
                % {"check": code.label}
            )
        values = {name: row[name] for name in row if name not in ("check", "severity")}
        made.append(
            {"check": code.value, "severity": severity}
            | _clean_values(THRESHOLDS[code], values, code.label)
        )
    return made


def _clean_values(thresholds: Mapping[str, Threshold], values: Any, part: Any) -> Content:
    unknown = set(values) - set(thresholds)
    if unknown:
        raise ValidationError(
            _("%(part)s: there is no value “%(name)s”.")
            % {"part": part, "name": sorted(unknown)[0]}
        )
    return {
        name: _clean_value(threshold, values.get(name, threshold.default), part)
        for name, threshold in thresholds.items()
    }


def _clean_value(threshold: Threshold, value: Any, part: Any) -> Any:
    try:
        return _CLEANERS[threshold.kind](value)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise ValidationError(
            _("%(part)s, “%(value)s”: %(problem)s")
            % {"part": part, "value": threshold.label, "problem": str(error)}
        ) from error


def _clean_amount(value: Any) -> str:
    amount = Decimal(str(value))
    if not is_amount(amount) or not 0 <= amount <= LARGEST:
        raise ValueError(_("give an amount of zero or more in whole cents."))
    return f"{amount:.2f}"


def _clean_percent(value: Any) -> str:
    percent = Decimal(str(value))
    if not percent.is_finite() or not 0 <= percent <= 1000 or percent != round(percent, 2):
        raise ValueError(_("give a percentage from 0 to 1000 with at most two decimals."))
    return format(percent.normalize(), "f")


def _clean_whole(value: Any) -> int:
    number = int(str(value))
    if not 0 <= number <= 3650:
        raise ValueError(_("give a whole number from 0 to 3650."))
    return number


def _clean_class(value: Any) -> str:
    if value not in RiskClass.values:
        raise ValueError(_("choose a risk class."))
    return str(value)


def _clean_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("answer yes or no."))
    return value


_CLEANERS = {
    AMOUNT: _clean_amount,
    PERCENT: _clean_percent,
    DAYS: _clean_whole,
    COUNT: _clean_whole,
    CLASS: _clean_class,
    FLAG: _clean_flag,
}


def _clean_rules(rules: Any) -> list[Content]:
    if len(rules) > MOST_RULES:
        raise ValidationError(
            _("A policy may have at most %(limit)s gate rules.") % {"limit": MOST_RULES}
        )
    codes = [str(row.get("code", "")) for row in rules]
    if len(set(codes)) < len(codes) or not all(code.isidentifier() for code in codes):
        raise ValidationError(
            _("Each gate rule needs a code of its own, of letters, digits and underscores.")
        )
    return [_clean_rule(row) for row in rules]


def _clean_rule(row: Content) -> Content:
    names = {key: str(row.get("names", {}).get(key, "")).strip() for key in LANGUAGES}
    if not names["en"]:
        raise ValidationError(_("Gate rule %(code)s: give it a name.") % {"code": row["code"]})
    if row.get("severity") not in CheckSeverity.values:
        raise ValidationError(_("Gate rule %(code)s: choose a severity.") % {"code": row["code"]})
    condition = validate_condition(row.get("condition"), subjects.get("order"))
    return {
        "code": row["code"],
        "names": names,
        "severity": row["severity"],
        "condition": condition,
    }


LANGUAGES = ("en", "zh-hans", "zh-hant")


def _clean_exemptions(exemptions: Any) -> list[Content]:
    kinds = [row.get("exemption") for row in exemptions]
    if len(set(kinds)) < len(kinds) or not set(kinds) <= set(Exemption.values):
        raise ValidationError(_("List each exemption at most once."))
    made = []
    for row in exemptions:
        label = Exemption(row["exemption"]).label
        skips = [code for code in CheckCode.values if code in row.get("skips", [])]
        if NOT_SKIPPABLE & set(skips):
            raise ValidationError(
                _("%(part)s: the blacklist and the exchange rate apply to everybody.")
                % {"part": label}
            )
        values = {name: row[name] for name in row if name not in ("exemption", "skips")}
        made.append(
            {"exemption": row["exemption"], "skips": skips}
            | _clean_values(EXEMPTION_VALUES[row["exemption"]], values, label)
        )
    return made


EXEMPTION_VALUES: dict[str, dict[str, Threshold]] = {
    Exemption.CASH: {},
    Exemption.PREPAID: {
        "percent": T(PERCENT, gettext_lazy("share of the order paid in advance, at least"), "100")
    },
}
