"""The figures, and the orders behind one of them, as files for a spreadsheet."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.calibration.enums import Outcome
from approvals.calibration.report import Line, Report
from orders.querysets import OrderQuerySet
from staff.sheets import Column, Kind, Sheet

_NUMBER = Kind.NUMBER
# A row is a group's table and its line.
_Row = tuple[str, Line]


def _tallied(name: str) -> Callable[[_Row], Any]:
    return lambda row: getattr(row[1].tally, name)


def _late(row: _Row) -> Any:
    return None if row[1].tally.mean_late is None else round(row[1].tally.mean_late, 1)


def _share(place: int) -> Callable[[_Row], Any]:
    def get(row: _Row) -> Any:
        shares = (row[1].tally.percent, *(row[1].ends or (None, None)))
        found = shares[place]
        return _("too few to tell") if found is None else round(found, 1)

    return get


_FIGURES = (
    Column(gettext_lazy("Grouped"), lambda row: row[0]),
    Column(gettext_lazy("Group"), lambda row: row[1].label),
    Column(gettext_lazy("Time is over"), _tallied("judged"), _NUMBER),
    Column(gettext_lazy("Paid on time"), _tallied("on_time"), _NUMBER),
    Column(gettext_lazy("Paid late"), _tallied("late"), _NUMBER),
    Column(gettext_lazy("Days late on average"), _late, _NUMBER),
    Column(gettext_lazy("Overdue"), _tallied("overdue"), _NUMBER),
    Column(gettext_lazy("Written off"), _tallied("written_off"), _NUMBER),
    Column(gettext_lazy("Not due yet"), _tallied("not_due"), _NUMBER),
    Column(gettext_lazy("Late or unpaid in %"), _share(0), _NUMBER),
    Column(gettext_lazy("At least in %"), _share(1), _NUMBER),
    Column(gettext_lazy("At most in %"), _share(2), _NUMBER),
)


def report_sheet(report: Report) -> Sheet:
    """One group of orders in each row."""
    rows = [(table["title"], line) for table in report.tables for line in table["lines"]]
    return Sheet("approvals-in-hindsight", _FIGURES, rows)


_CASES = (
    Column(gettext_lazy("Order"), "number"),
    Column(gettext_lazy("Customer code"), "customer__code"),
    Column(gettext_lazy("Customer"), "customer__name"),
    Column(gettext_lazy("Salesperson"), "owner__full_name"),
    Column(gettext_lazy("Currency"), "currency"),
    Column(gettext_lazy("Total"), "total", Kind.MONEY),
    Column(gettext_lazy("Released"), "approved_at", Kind.MOMENT),
    Column(gettext_lazy("Payment"), "outcome", words=dict(Outcome.choices)),
    Column(
        gettext_lazy("Days past due"),
        lambda order: None if order.late is None else max(order.late.days, 0),
        _NUMBER,
    ),
)


def case_sheet(orders: OrderQuerySet, keys: Sequence[str]) -> Sheet:
    """The orders in the order of `keys`."""
    rows = orders.select_related("customer", "owner").order_by(*keys)
    return Sheet("approved-orders", _CASES, rows)
