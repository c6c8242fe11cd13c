"""Which day it is. Due dates, limits and rates count in days of the company, not of the reader."""

from datetime import date, datetime, time

from django.utils import timezone


def company_day(at: datetime) -> date:
    """The day of `at` in the server's time zone."""
    return timezone.localdate(at, timezone.get_default_timezone())


def moment_of(day: date, at: datetime) -> datetime:
    """The present moment `at` for today, else the beginning of the day in the company's zone."""
    if day == company_day(at):
        return at
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
