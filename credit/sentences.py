"""Check results as sentences with their arithmetic, in the reader's language."""

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.enums import CheckCode, CustomerStatus, LimitKind, Verdict


def _amounts(figures: dict[str, Any], *names: str) -> dict[str, str]:
    return {
        name: number_format(Decimal(figures[name]), 2, force_grouping=True)
        for name in names
        if name in figures
    }


def sentence(check: dict[str, Any]) -> str:
    """One recorded check result, as kept in a decision, in words."""
    if check["verdict"] == Verdict.SKIPPED:
        return _("Not applied: the administrator has switched this check off.")
    return {
        CheckCode.LIMIT: _limit,
        CheckCode.OVERDUE: _overdue,
        CheckCode.BLACKLIST: _blacklist,
    }[check["code"]](check["figures"], check["verdict"] == Verdict.BLOCKED)


def _limit(figures: dict[str, Any], blocked: bool) -> str:
    names = ("used", "order", "observed", "threshold", "excess", "headroom", "tolerance")
    values = _amounts(figures, *names) | {"currency": figures["currency"]}
    if figures["kind"] == LimitKind.UNLIMITED:
        text = _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s; there is no limit."
        )
    elif figures["kind"] == LimitKind.NONE and blocked:
        text = _(
            "No credit is granted to this customer: this order needs %(order)s %(currency)s, "
            "with %(used)s already used."
        )
    elif blocked:
        text = _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s, "
            "%(excess)s over the limit of %(threshold)s."
        )
    elif Decimal(figures["order"]) <= 0:
        text = _("This order is paid in advance and needs no credit.")
    elif Decimal(figures["excess"]) > 0:
        text = _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s, "
            "%(excess)s over the limit of %(threshold)s, within the tolerated %(tolerance)s."
        )
    else:
        text = _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s, "
            "%(headroom)s below the limit of %(threshold)s."
        )
    return text % values


def _overdue(figures: dict[str, Any], blocked: bool) -> str:
    values = _amounts(figures, "observed", "threshold") | {
        "currency": figures["currency"],
        "count": figures["count"],
        "days": figures["days"],
    }
    if not figures["count"]:
        return _("Nothing is overdue.")
    if blocked:
        return _too_much_overdue(figures) % values
    return _("%(observed)s %(currency)s is overdue, within the tolerated %(threshold)s.") % values


def _too_much_overdue(figures: dict[str, Any]) -> str:
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


def _blacklist(figures: dict[str, Any], blocked: bool) -> str:
    if blocked:
        return _("The customer is blacklisted: %(reason)s") % {"reason": figures["reason"]}
    if figures["observed"] == CustomerStatus.WATCH:
        return _("Not blacklisted, but on the watch list: %(reason)s") % {
            "reason": figures["reason"]
        }
    return _("The customer is not blacklisted.")
