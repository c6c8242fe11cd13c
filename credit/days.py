"""Which day it is. Due dates, limits and rates count in days of the company, not of the reader."""

from datetime import date, datetime, time

from django.utils import timezone


def company_day(at: datetime) -> date:
    """The day of `at` in the server's time zone."""
    return timezone.localdate(at, timezone.get_default_timezone())


def start_of(day: date) -> datetime:
    """The moment at which the company's day begins."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def moment_of(day: date, at: datetime) -> datetime:
    """The present moment `at` for today, else the beginning of the day in the company's zone."""
    return at if day == company_day(at) else start_of(day)
