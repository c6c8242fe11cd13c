"""Whether customers keep what they promise to pay."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from credit.enums import PromiseState
from credit.models import Promise
from credit.models.promise import UNKEPT

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Reliability:
    """How many promises of a year were due, and how many of them were not kept in full."""

    due: int
    unkept: int


def reliability(on: date, account_ids: Collection[int]) -> dict[int, Reliability]:
    """By account, what became of promises due in the year before `on`. One query.

    Accounts without such a promise are left out.
    """
    settled = Promise.objects.filter(
        account__in=account_ids,
        state__in=[PromiseState.KEPT, *UNKEPT],
        due_on__gte=on - YEAR,
        due_on__lt=on,
    )
    rows = settled.order_by().values_list("account")
    counted = rows.annotate(due=Count("pk"), unkept=Count("pk", filter=Q(state__in=UNKEPT)))
    return {account: Reliability(due, unkept) for account, due, unkept in counted}
