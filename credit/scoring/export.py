"""The list of recommended limits as a file for a spreadsheet."""

import csv
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from credit.models import ScoreStanding
from credit.scoring.comparison import BOUNDLESS
from staff.sheets import safe

# Lets Excel see that the file is UTF-8.
_MARK = "\ufeff"


class _Echo:
    """Gives each written line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def standing_lines(
    rows: QuerySet[ScoreStanding], keys: Sequence[str], *, language: str
) -> Iterator[str]:
    """The lines of a CSV file with one customer each, headed in `language`.

    The rows are sent after the request's own language is put back, so it is set for each.
    """
    writer = csv.writer(_Echo())
    with translation.override(language):
        yield _MARK + writer.writerow(_headings())
    for row in rows.order_by(*keys).iterator(chunk_size=2000):
        with translation.override(language):
            line = [safe(cell) for cell in _cells(row)]
        yield writer.writerow(line)


def _headings() -> list[str]:
    return [
        _("Customer code"), _("Customer"), _("Segment"), _("Risk class"), _("Points"),
        _("Recommended limit"), _("Kind of limit"), _("Credit limit"), _("Currency"),
        _("Deviation in %"),
    ]  # fmt: skip


def _cells(row: ScoreStanding) -> list[Any]:
    customer, score = row.customer, row.score
    return [
        customer.code, customer.name, customer.segment.name, score.risk_class, score.points,
        score.recommended_limit, row.get_limit_kind_display(), row.limit_amount, score.currency,
        "" if abs(row.deviation) == BOUNDLESS else row.deviation,
    ]  # fmt: skip
