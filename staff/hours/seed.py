"""The hours that an installation starts with; a company sets its own in the back office."""

from typing import Any

from django.apps import apps as installed_apps

from staff.hours.intervals import parse

SEEDED = {weekday: parse("9:00–12:00, 13:00–18:00") for weekday in range(5)}


def seed_after_migrate(using: str, apps: Any = installed_apps, **kwargs: Any) -> None:
    """Receiver of post_migrate: give a week without any hours the usual ones."""
    try:
        WorkInterval = apps.get_model("staff", "WorkInterval")
    except LookupError:
        return  # the migration that makes the table was taken back
    rows = WorkInterval.objects.using(using)
    if rows.filter(special_day=None).exists():
        return
    rows.bulk_create(
        WorkInterval(weekday=weekday, begins=each.begins, ends=each.ends)
        for weekday, intervals in SEEDED.items()
        for each in intervals
    )
