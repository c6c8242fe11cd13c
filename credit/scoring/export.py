"""The list of recommended limits as a file for a spreadsheet."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from credit.models import ScoreStanding
from credit.scoring.comparison import BOUNDLESS
from staff.sheets import Column, Kind, Sheet

_COLUMNS = (
    Column(_("Customer code"), "customer__code"),
    Column(_("Customer"), "customer__name"),
    Column(_("Segment"), "customer__segment__name"),
    Column(_("Risk class"), "score__risk_class"),
    Column(_("Points"), "score__points", Kind.NUMBER),
    Column(_("Recommended limit"), "score__recommended_limit", Kind.MONEY),
    Column(_("Kind of limit"), lambda row: row.get_limit_kind_display()),
    Column(_("Credit limit"), "limit_amount", Kind.MONEY),
    Column(_("Currency"), "score__currency"),
    Column(
        _("Deviation in %"),
        lambda row: None if abs(row.deviation) == BOUNDLESS else row.deviation,
        Kind.NUMBER,
    ),
)


def standing_sheet(rows: QuerySet[ScoreStanding], keys: Sequence[str]) -> Sheet:
    """The customers with their recommended limits, in the order of `keys`."""
    return Sheet("recommended-limits", _COLUMNS, rows.order_by(*keys))
