"""What is owed and promised, in words."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.sentences.figures import Figures, amounts, days


def overdue(figures: Figures, hit: bool) -> str:
    """How much is overdue, and by how long."""
    values = amounts(figures, "observed", "threshold", "disputed") | {
        "currency": figures["currency"],
        "count": figures["count"],
        "late": days(figures["days"]),
    }
    if not figures["count"]:
        return _nothing_overdue(figures.get("tolerated_days", 0))
    if hit:
        return _too_much_overdue(figures) % values
    return _("%(observed)s %(currency)s is overdue, within the tolerated %(threshold)s.") % values


def _nothing_overdue(tolerated_days: int) -> str:
    if not tolerated_days:
        return _("Nothing is overdue.")
    text = ngettext(
        "Nothing is overdue by more than the tolerated %(days)d day.",
        "Nothing is overdue by more than the tolerated %(days)d days.",
        tolerated_days,
    )
    return text % {"days": tolerated_days}


def _too_much_overdue(figures: Figures) -> str:
    if not Decimal(figures["threshold"]):
        return ngettext(
            "%(observed)s %(currency)s is overdue on %(count)d invoice, by %(late)s.",
            "%(observed)s %(currency)s is overdue on %(count)d invoices, the oldest by %(late)s.",
            figures["count"],
        )
    return ngettext(
        "%(observed)s %(currency)s is overdue on %(count)d invoice, by %(late)s; "
        "up to %(threshold)s is tolerated.",
        "%(observed)s %(currency)s is overdue on %(count)d invoices, the oldest by "
        "%(late)s; up to %(threshold)s is tolerated.",
        figures["count"],
    )


def oldest(figures: Figures, hit: bool) -> str:
    """Which open item is the oldest, and how late it is."""
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


def promises(figures: Figures, hit: bool) -> str:
    """How many promises to pay were broken."""
    if not figures["observed"]:
        return _("No promise to pay was broken.")
    values = figures | {"span": days(figures["within_days"])}
    if not figures["threshold"]:
        text = ngettext(
            "%(observed)d promise to pay was broken within %(span)s; none is tolerated.",
            "%(observed)d promises to pay were broken within %(span)s; none is tolerated.",
            figures["observed"],
        )
        return text % values
    text = ngettext(
        "%(observed)d promise to pay was broken within %(span)s; up to %(threshold)d is tolerated.",
        "%(observed)d promises to pay were broken within %(span)s; up to "
        "%(threshold)d is tolerated.",
        figures["observed"],
    )
    return text % values
