"""The figures, and the orders behind one of them, as files for a spreadsheet."""

import csv
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from approvals.calibration.enums import Outcome
from approvals.calibration.report import Line, Report
from orders.querysets import OrderQuerySet
from staff.sheets import safe

# Lets Excel see that the file is UTF-8.
_MARK = "\ufeff"


class _Echo:
    """Gives each written line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def report_lines(report: Report) -> Iterator[str]:
    """The lines of a CSV file with one group of orders each, in the language in force."""
    writer = csv.writer(_Echo())
    headings = (
        _("Grouped"), _("Group"), _("Time is over"), _("Paid on time"), _("Paid late"),
        _("Days late on average"), _("Overdue"), _("Written off"), _("Not due yet"),
        _("Late or unpaid in %"), _("At least in %"), _("At most in %"),
    )  # fmt: skip
    yield _MARK + writer.writerow(safe(heading) for heading in headings)
    for table in report.tables:
        for line in table["lines"]:
            yield writer.writerow([safe(cell) for cell in (table["title"], *_figures(line))])


def _figures(line: Line) -> Sequence[Any]:
    tally = line.tally
    shares = (tally.percent, *(line.ends or (None, None)))
    told = [_("too few to tell") if each is None else f"{each:.1f}" for each in shares]
    late = "" if tally.mean_late is None else f"{tally.mean_late:.1f}"
    return (
        line.label, tally.judged, tally.on_time, tally.late, late, tally.overdue,
        tally.written_off, tally.not_due, *told,
    )  # fmt: skip


_COLUMNS = (
    "number", "customer__code", "customer__name", "owner__full_name", "currency",
    "total", "approved_at", "outcome", "late",
)  # fmt: skip


def case_lines(
    orders: OrderQuerySet, keys: Sequence[str], *, language: str, zone: tzinfo
) -> Iterator[str]:
    """The lines of a CSV file with one order each, headed in `language`, times in `zone`.

    The rows are sent after the request's own language is put back, so it comes along.
    """
    writer = csv.writer(_Echo())
    with translation.override(language):
        yield _MARK + writer.writerow(safe(heading) for heading in _headings())
        labels = {code: str(label) for code, label in Outcome.choices}
    rows = orders.order_by(*keys).values_list(*_COLUMNS)
    for *cells, released, outcome, late in rows.iterator(chunk_size=2000):
        days = max(late.days, 0) if late is not None else ""
        moment = f"{released.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        yield writer.writerow([safe(cell) for cell in (*cells, moment, labels[outcome], days)])


def _headings() -> list[str]:
    return [
        _("Order"), _("Customer code"), _("Customer"), _("Salesperson"), _("Currency"), _("Total"),
        _("Released"), _("Payment"), _("Days past due"),
    ]  # fmt: skip
