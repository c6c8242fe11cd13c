"""Which orders are looked at, under which approval they went, and how they were paid."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from approvals.calibration.enums import Band, Outcome
from approvals.enums import RequestState
from approvals.models import ApprovalRequest
from credit.allocation import TINY_RESIDUE
from credit.enums import AdjustmentKind
from credit.models import Invoice, InvoiceAdjustment
from orders.models import Order
from orders.querysets import OrderQuerySet
from staff.days import start_of
from staff.models import User


def released_orders(
    user: User, *, since: date | None, until: date | None, segment_id: int | None
) -> OrderQuerySet:
    """Orders that `user` may see and that were released on these days of the company.

    Imported history is left out: it was released elsewhere, by rules that nobody knows here.
    """
    orders = Order.objects.for_user(user).filter(approved_at__isnull=False, history=False)
    if since:
        orders = orders.filter(approved_at__gte=start_of(since))
    if until:
        orders = orders.filter(approved_at__lt=start_of(until + timedelta(days=1)))
    if segment_id:
        orders = orders.filter(customer__segment=segment_id)
    return orders


def standing_approvals() -> QuerySet[Any]:
    """The last approval of each order, with the band of what it was over the limit.

    An approval that lapsed stands no more: where the order was released again, the one that did it
    is counted; where it was not, none is.
    """
    approved = ApprovalRequest.objects.filter(state=RequestState.APPROVED, order__isnull=False)
    later = approved.filter(order=OuterRef("order"), pk__gt=OuterRef("pk"))
    return approved.filter(~Exists(later)).annotate(band=_band())


def outcomes(day: date, least: int) -> QuerySet[Any]:
    """`order_id`, `outcome` and `late` of each order with an invoice whose time is over on `day`.

    An invoice's time is over `least` days past its due date, paid or not: if early payments
    counted at once and unpaid invoices only later, young orders would look better than they are.
    Less than `least` days late is on time. What is disputed as a whole is left out until that is
    resolved, and so little left open that nobody collects it is no loss. The worst invoice decides
    about its order.
    """
    term = timedelta(days=least)
    losses = InvoiceAdjustment.objects.filter(
        kind=AdjustmentKind.WRITE_OFF, amount__gt=TINY_RESIDUE
    )
    outcome = Case(
        When(pk__in=losses.values("invoice"), then=Outcome.WRITTEN_OFF),
        When(open_amount__gt=0, then=Outcome.OVERDUE),
        When(settled_on__gte=F("due_on") + term, then=Outcome.LATE),
        default=Outcome.ON_TIME,
        output_field=IntegerField(),
    )
    settled = Coalesce("settled_on", Value(day, output_field=DateField()))
    late = ExpressionWrapper(settled - F("due_on"), output_field=DurationField())
    return (
        Invoice.objects.filter(order_id__isnull=False, due_on__lte=day - term)
        .filter(Q(open_amount=0) | Q(open_amount__gt=F("disputed_amount")))
        .order_by()
        .values("order_id")
        .annotate(outcome=Max(outcome), late=Max(late))
    )


class _LimitThen(Func):
    """The limit that the recorded check of a decision compared with; null where there was none."""

    template = (
        "(jsonb_path_query_first(%(expressions)s, "
        "'$[*] ? (@.code == \"limit\").figures.limit') #>> '{}')::numeric"
    )
    output_field = DecimalField(max_digits=20, decimal_places=2)


class _Step(Func):
    """The name of the band that a percentage lies in; null for null."""

    template = (
        "(ARRAY['10', '25', '50', '100', 'more'])"
        "[1 + width_bucket(%(expressions)s, ARRAY[10, 25, 50, 100]::numeric[])]"
    )
    output_field = CharField()


def _band() -> Case:
    """The band of the excess in percent of the limit, as the approved decision knew them.

    The record is read once for it: reading one is what costs most here.
    """
    percent = F("decision__excess") * 100 / NullIf(_LimitThen("decision__checks"), Value(0))
    return Case(
        When(decision__excess=0, then=Value(Band.NONE.value)),
        default=Coalesce(_Step(percent), Value(Band.NO_LIMIT.value)),
        output_field=CharField(),
    )
