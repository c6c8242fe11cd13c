"""Loading the demo company, all or nothing."""

from datetime import datetime, timedelta

from django.db import transaction

from config.demo import (
    business,
    customers,
    flags,
    hours,
    limits,
    people,
    places,
    policies,
    products,
    scoring,
    tickets,
    warehouses,
)
from credit.scoring.recompute import recompute


@transaction.atomic
def load(now: datetime) -> None:
    """Fill an empty installation with the demo company as it stands at `now`."""
    staff = people.load()
    hours.load(staff, now)
    began = now - timedelta(days=business.DAYS + 5)
    known = customers.load(staff, began)
    places.load(known, began)
    policies.load(staff, began)
    company = business.Company(
        people=staff,
        profiles={profile.code: profile for profile in customers.profiles()},
        customers=known,
        products=products.load(),
        now=now,
    )
    warehouses.load()
    business.plan(company)
    flags.plan(company)
    limits.plan(company)
    tickets.watch(company)
    scoring.describe(company.customers)
    scoring.watch(company)
    company.play()
    warehouses.stock(company)
    recompute(at=now)
