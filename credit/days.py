"""Days of the company: invoices fall due and receipts come in on days, not at moments."""

from datetime import date, datetime, time

from django.utils import timezone


def company_day(moment: datetime) -> date:
    """The day on which `moment` lies in the company's time zone, whoever looks at it."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def moment_of(day: date, at: datetime) -> datetime:
    """The present moment `at` for today, else the beginning of the day in the company's zone."""
    if day == company_day(at):
        return at
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
