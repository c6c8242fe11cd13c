"""Which day it is. Due dates, limits, rates and absences count in days of the company."""

from datetime import date, datetime, time

from django.utils import timezone


def company_day(at: datetime) -> date:
    """The day of `at` in the server's time zone."""
    return timezone.localdate(at, timezone.get_default_timezone())


def start_of(day: date) -> datetime:
    """The moment at which the company's day begins."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
