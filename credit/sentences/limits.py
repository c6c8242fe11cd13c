"""Limits in words, with the arithmetic behind a verdict."""

from decimal import Decimal

from django.utils.translation import gettext as _

from credit.enums import LimitKind
from credit.sentences.figures import Figures, amounts, day


def limit(figures: Figures, hit: bool) -> str:
    """What is used and this order, against the limit."""
    names = ("used", "order", "observed", "limit", "threshold", "excess", "headroom", "tolerance")
    values = amounts(figures, *names) | {
        "currency": figures["currency"],
        "percent": _percent(figures),
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
    if _percent(figures) != "100":
        return _part_of_limit(figures, hit)
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


def _part_of_limit(figures: Figures, hit: bool) -> str:
    if hit:
        return _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s, %(excess)s over "
            "%(threshold)s, which is %(percent)s %% of the limit of %(limit)s."
        )
    if Decimal(figures["excess"]) > 0:
        return _(
            "Used %(used)s + this order %(order)s = %(observed)s %(currency)s, %(excess)s over "
            "%(threshold)s, which is %(percent)s %% of the limit of %(limit)s, within the "
            "tolerated %(tolerance)s."
        )
    return _(
        "Used %(used)s + this order %(order)s = %(observed)s %(currency)s; up to %(threshold)s is "
        "allowed, which is %(percent)s %% of the limit of %(limit)s."
    )


def _percent(figures: Figures) -> str:
    # Decisions from before there were policies have no percentage.
    return str(figures.get("percent", "100"))


def group_limit(figures: Figures, hit: bool) -> str:
    """The same of the group with the least left."""
    if not figures["groups"]:
        return _("The customer belongs to no group.")
    if figures["kind"] == LimitKind.NONE and hit:
        values = amounts(figures, "used", "order") | {"currency": figures["currency"]}
        return _(
            "No credit is granted to the group %(group)s: this order needs %(order)s %(currency)s, "
            "with %(used)s already used."
        ) % (values | {"group": figures["group"]})
    told = {"group": figures["group"], "sentence": limit(figures, hit)}
    return _("Group %(group)s: %(sentence)s") % told


def limit_expired(figures: Figures, hit: bool) -> str:
    """Whose limit expired, and when."""
    if hit and figures["group"]:
        told = {"group": figures["group"], "day": day(figures["observed"])}
        return _("The limit of the group %(group)s expired on %(day)s.") % told
    if hit:
        return _("The credit limit expired on %(day)s.") % {"day": day(figures["observed"])}
    return _("The credit limit has not expired.")
