"""Loading the demo company, all or nothing."""

from datetime import datetime, timedelta

from django.db import transaction

from config.demo import business, customers, people, products, scoring, tickets
from credit.enums import CheckCode
from credit.models import CheckSetting
from credit.scoring.recompute import recompute


@transaction.atomic
def load(now: datetime) -> None:
    """Fill an empty installation with the demo company as it stands at `now`."""
    staff = people.load()
    # The demo company gives its customers a week before overdue invoices stop an order.
    CheckSetting.objects.filter(code=CheckCode.OVERDUE).update(tolerance_days=7)
    company = business.Company(
        people=staff,
        profiles={profile.code: profile for profile in customers.profiles()},
        customers=customers.load(staff, now - timedelta(days=business.DAYS + 5)),
        products=products.load(),
        now=now,
    )
    business.plan(company)
    tickets.watch(company)
    scoring.describe(company.customers)
    scoring.watch(company)
    company.play()
    recompute(at=now)
