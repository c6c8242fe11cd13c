"""Check results as sentences with their arithmetic, in the reader's language."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from credit.enums import CheckCode, CustomerStatus, Exemption, LimitKind, RiskClass, Verdict
from rules import subjects
from rules.observing import read

RULE = "rule:"
Figures = dict[str, Any]
HITS = (Verdict.BLOCKED, Verdict.WARNED, Verdict.INFORMED)


def label(check: dict[str, Any]) -> str:
    """The name of a recorded check or gate rule, in the reader's language."""
    if not check["code"].startswith(RULE):
        return str(CheckCode(check["code"]).label)
    names = check["figures"]["names"]
    language = (get_language() or "en").lower()
    return str(names.get(language) or names["en"])


def sentence(check: dict[str, Any]) -> str:
    """One recorded check result, as kept in a decision, in words."""
    code, verdict, figures = check["code"], check["verdict"], check["figures"]
    if verdict == Verdict.SKIPPED:
        return _("Not applied: the policy has switched this check off.")
    if verdict == Verdict.EXEMPT:
        return _exempt(figures)
    if code.startswith(RULE):
        return _rule(figures, verdict)
    return _SENTENCES[code](figures, verdict in HITS)


def amounts(figures: Figures, *names: str) -> dict[str, str]:
    """The named figures as they are read, leaving out those the check does not have."""
    return {
        name: number_format(Decimal(figures[name]), 2, force_grouping=True)
        for name in names
        if figures.get(name) is not None
    }


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def _exempt(figures: Figures) -> str:
    if figures["exemption"] == Exemption.CASH:
        return _("Not asked: the order is paid before it ships.")
    return _("Not asked: enough of the order is paid in advance.")


def _rule(figures: Figures, verdict: str) -> str:
    if "seen" not in figures:
        return _("Asked when the order is submitted.")
    seen = read(figures["seen"], subjects.get("order"))
    told = "; ".join(f"{each.label}: {each.text}" for each in seen)
    if verdict == Verdict.UNKNOWN:
        return _("Data is missing for an answer: %(seen)s") % {"seen": told}
    return told


def _limit(figures: Figures, hit: bool) -> str:
    names = ("used", "order", "observed", "limit", "threshold", "excess", "headroom", "tolerance")
    values = amounts(figures, *names) | {
        "currency": figures["currency"],
        "percent": figures["percent"],
    }
    return _limit_text(figures, hit) % values


def _limit_text(figures: Figures, hit: bool) -> str:
    if figures["kind"] == LimitKind.UNLIMITED:
        return _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s; there is no limit."
        )
    if figures["kind"] == LimitKind.GROUP:
        return _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s; the limit of the "
            "group applies."
        )
    if figures["kind"] == LimitKind.NONE and hit:
        return _(
            "No credit is granted to this customer: this order needs %(order)s %(currency)s, "
            "with %(used)s already used."
        )
    if Decimal(figures["order"]) <= 0:
        return _("This order is paid in advance and needs no credit.")
    if figures["percent"] != "100":
        return _part_of_limit(hit)
    if hit:
        return _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s, "
            "%(excess)s over the limit of %(threshold)s."
        )
    if Decimal(figures["excess"]) > 0:
        return _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s, "
            "%(excess)s over the limit of %(threshold)s, within the tolerated %(tolerance)s."
        )
    return _(
        "Used %(used)s + this order %(order)s = %(observed)s %(currency)s, "
        "%(headroom)s below the limit of %(threshold)s."
    )


def _part_of_limit(hit: bool) -> str:
    if hit:
        return _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s, %(excess)s over "
            "%(threshold)s, which is %(percent)s %% of the limit of %(limit)s."
        )
    return _(
        "Used %(used)s + this order %(order)s = %(observed)s %(currency)s; up to %(threshold)s is "
        "allowed, which is %(percent)s %% of the limit of %(limit)s."
    )


def _group_limit(figures: Figures, hit: bool) -> str:
    if not figures["groups"]:
        return _("The customer belongs to no group.")
    told = {"group": figures["group"], "sentence": _limit(figures, hit)}
    return _("Group %(group)s: %(sentence)s") % told


def _rate(figures: Figures, hit: bool) -> str:
    if hit:
        return _(
            "There is no exchange rate for %(pairs)s. Ask an administrator to enter it, then "
            "submit again."
        ) % {"pairs": ", ".join(figures["missing"])}
    if "rate" in figures:
        return _("Converted at %(pair)s %(rate)s of %(day)s.") % {
            "pair": figures["pair"],
            "rate": figures["rate"],
            "day": _day(figures["on"]),
        }
    return _("The order is in the account's currency.")


def _limit_expired(figures: Figures, hit: bool) -> str:
    if hit:
        return _("The credit limit expired on %(day)s.") % {"day": _day(figures["observed"])}
    return _("The credit limit has not expired.")


def _overdue(figures: Figures, hit: bool) -> str:
    values = amounts(figures, "observed", "threshold", "disputed") | {
        "currency": figures["currency"],
        "count": figures["count"],
        "days": figures["days"],
    }
    if not figures["count"]:
        return _("Nothing is overdue.")
    if hit:
        return _too_much_overdue(figures) % values
    return _("%(observed)s %(currency)s is overdue, within the tolerated %(threshold)s.") % values


def _too_much_overdue(figures: Figures) -> str:
    if not Decimal(figures["threshold"]):
        return ngettext(
            "%(observed)s %(currency)s is overdue on %(count)d invoice, by %(days)d days.",
            "%(observed)s %(currency)s is overdue on %(count)d invoices, the oldest by "
            "%(days)d days.",
            figures["count"],
        )
    return ngettext(
        "%(observed)s %(currency)s is overdue on %(count)d invoice, by %(days)d days; "
        "up to %(threshold)s is tolerated.",
        "%(observed)s %(currency)s is overdue on %(count)d invoices, the oldest by "
        "%(days)d days; up to %(threshold)s is tolerated.",
        figures["count"],
    )


def _oldest(figures: Figures, hit: bool) -> str:
    if not figures["number"]:
        return _("No open item is overdue.")
    text = ngettext(
        "The oldest open item, invoice %(number)s, is %(observed)d day overdue; up to "
        "%(threshold)d is tolerated.",
        "The oldest open item, invoice %(number)s, is %(observed)d days overdue; up to "
        "%(threshold)d is tolerated.",
        figures["observed"],
    )
    return text % figures


def _promises(figures: Figures, hit: bool) -> str:
    text = ngettext(
        "%(observed)d promise to pay was broken within %(within_days)d days; up to %(threshold)d "
        "is tolerated.",
        "%(observed)d promises to pay were broken within %(within_days)d days; up to "
        "%(threshold)d is tolerated.",
        figures["observed"],
    )
    return text % figures if figures["observed"] else _("No promise to pay was broken.")


def _blacklist(figures: Figures, hit: bool) -> str:
    if hit:
        return _("The customer is blacklisted: %(reason)s") % {"reason": figures["reason"]}
    return _("The customer is not blacklisted.")


def _watch_list(figures: Figures, hit: bool) -> str:
    if hit:
        return _("The customer is on the watch list: %(reason)s") % {"reason": figures["reason"]}
    if figures["observed"] == CustomerStatus.BLACKLISTED:
        return _("The customer is blacklisted, which another check says.")
    return _("The customer is not on the watch list.")


def _risk_class(figures: Figures, hit: bool) -> str:
    if not figures["observed"]:
        return _("The customer has no risk class yet.")
    values = {
        "observed": RiskClass(figures["observed"]).label,
        "worst": RiskClass(figures["threshold"]).label,
    }
    if hit:
        return _(
            "The customer's risk class is %(observed)s; the worst that passes is %(worst)s."
        ) % (values)
    return _("The customer's risk class is %(observed)s.") % values


def _document_value(figures: Figures, hit: bool) -> str:
    values = amounts(figures, "observed", "threshold") | {"currency": figures["currency"]}
    if figures["observed"] is None:
        return _("Not known without an exchange rate.")
    if hit:
        return (
            _("The order comes to %(observed)s %(currency)s; one order may come to %(threshold)s.")
            % values
        )
    return (
        _(
            "The order comes to %(observed)s %(currency)s, within the %(threshold)s that one order "
            "may come to."
        )
        % values
    )


def _terms(figures: Figures, hit: bool) -> str:
    if hit:
        return (
            _(
                "The order is to be paid within %(observed)d days; the customer's own terms are "
                "%(threshold)d days."
            )
            % figures
        )
    return (
        _("The payment terms of %(observed)d days are no worse than the customer's own.") % figures
    )


def _review(figures: Figures, hit: bool) -> str:
    if figures["observed"] is None:
        return _("No day is set for a review of this credit.")
    values = {"day": _day(figures["observed"])}
    if hit:
        return _("The review of this credit was due on %(day)s.") % values
    return _("The next review of this credit is due on %(day)s.") % values


def _first_order(figures: Figures, hit: bool) -> str:
    if hit:
        return _("No order of this customer was released before.")
    return _("Orders of this customer were released before.")


_SENTENCES: dict[str, Callable[[Figures, bool], str]] = {
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
