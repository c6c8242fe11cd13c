"""Loading the demo company, all or nothing."""

from datetime import datetime, timedelta

from django.db import transaction

from config.demo import business, customers, people, products


@transaction.atomic
def load(now: datetime) -> None:
    """Fill an empty installation with the demo company as it stands at `now`."""
    staff = people.load()
    business.load(
        business.Company(
            people=staff,
            profiles={profile.code: profile for profile in customers.profiles()},
            customers=customers.load(staff, now - timedelta(days=business.DAYS + 5)),
            products=products.load(),
            now=now,
        )
    )
