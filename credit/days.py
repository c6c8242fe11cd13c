"""Which day it is. Due dates, limits and rates count in days of the company, not of the reader."""

from datetime import date, datetime

from staff.days import company_day, start_of


def moment_of(day: date, at: datetime) -> datetime:
    """The present moment `at` for today, else the beginning of the day in the company's zone."""
    return at if day == company_day(at) else start_of(day)
