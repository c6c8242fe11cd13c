"""What the demo company knows of its customers' business, and the scores that follow from it."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from config.demo.business import DAYS, Company
from credit.models import Customer, Industry
from credit.scoring.recompute import recompute

# The play starts before the scores do: at first there is little to judge by.
FIRST = timedelta(days=DAYS - 15)
EVERY = timedelta(days=15)


def describe(customers: dict[str, Customer]) -> None:
    """Fill in size, age, rating and industry. Some are not known, as it is in a company."""
    industries = {industry.code: industry for industry in Industry.objects.all()}
    described = []
    for row in _rows():
        customer = customers[f"C{row['code']}"]
        customer.industry = industries.get(row["industry"])
        customer.founded_on = date.fromisoformat(row["founded"]) if row["founded"] else None
        customer.employees = int(row["employees"]) if row["employees"] else None
        customer.annual_revenue = Decimal(row["revenue"]) if row["revenue"] else None
        customer.external_rating = row["rating"]
        described.append(customer)
    Customer.objects.bulk_update(
        described, ["industry", "founded_on", "employees", "annual_revenue", "external_rating"]
    )


def watch(company: Company) -> None:
    """Have everybody scored now and then during the play, the last time at its end."""
    at = company.now - FIRST
    while at < company.now:
        company.later(at, lambda then: recompute(at=then))
        at += EVERY


def _rows() -> list[dict[str, str]]:
    with Path(__file__).with_name("businesses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|"))
