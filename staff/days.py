"""Which day it is. Due dates, limits, rates and absences count in days of the company."""

from argparse import ArgumentTypeError
from datetime import date, datetime, time

from django.utils import timezone


def company_day(at: datetime) -> date:
    """The day of `at` in the server's time zone."""
    return timezone.localdate(at, timezone.get_default_timezone())


def start_of(day: date) -> datetime:
    """The moment at which the company's day begins."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def day_argument(text: str) -> date:
    """A day as somebody writes it behind a command. Raises ArgumentTypeError for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day. Write it as in 2026-03-31.") from None
