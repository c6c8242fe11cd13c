"""What became of promises to pay, as SQL for each order. One kept in part was not kept."""

from datetime import datetime, timedelta

from django.db.models import Count, DecimalField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from credit.models import Promise
from credit.models.promise import UNKEPT

YEAR = timedelta(days=365)


def _unkept(at: datetime) -> QuerySet[Promise]:
    return Promise.objects.filter(state__in=UNKEPT, settled_at__lte=at).order_by()


def unkept_count(at: datetime) -> Coalesce:
    """How many promises of the customer were found not kept in the year before `at`."""
    ours = _unkept(at).filter(account=OuterRef("account"), settled_at__gt=at - YEAR)
    counted = ours.values("account").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), Value(0), output_field=DecimalField())


def of_order_unkept(at: datetime) -> Exists:
    """Whether the promise on which the order was released was found not kept by `at`."""
    return Exists(_unkept(at).filter(order_id=OuterRef("pk")))
