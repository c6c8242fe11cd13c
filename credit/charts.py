"""What the charts of a customer's credit show."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from credit.history import Day

Chart = dict[str, Any]


def exposure_chart(days: Sequence[Day], limits: Sequence[Decimal | None], currency: str) -> Chart:
    """What was used at the end of each day, beside the limit of the day."""
    series: list[dict[str, Any]] = [
        {"name": _("Used"), "values": [str(each.amount) for each in days]}
    ]
    if any(limit is not None for limit in limits):
        kept = [None if limit is None else str(limit) for limit in limits]
        series.append({"name": _("Credit limit"), "values": kept, "ink": "danger", "dashed": True})
    return {
        "title": _("Used and limit, day by day"),
        "type": "line",
        "unit": currency,
        "category_label": _("Day"),
        "categories": [date_format(each.day, "SHORT_DATE_FORMAT") for each in days],
        "series": series,
    }


def delays_chart(delays: Mapping[date, Decimal], months: Sequence[date]) -> Chart:
    """How late invoices were paid, by the month in which they were."""
    values = [None if month not in delays else str(delays[month]) for month in months]
    return {
        "title": _("Average days late, by month of payment"),
        "type": "bar",
        "unit": _("days"),
        "category_label": _("Month"),
        "categories": [date_format(month, "YEAR_MONTH_FORMAT") for month in months],
        "series": [{"name": _("Days late"), "values": values}],
    }


def last_months(day: date, count: int = 12) -> list[date]:
    """The first days of the last `count` months, that of `day` last."""
    whole = day.year * 12 + day.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(whole - count + 1, whole + 1)]
