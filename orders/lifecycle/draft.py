"""Entering and changing an order before it is submitted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit.models import Customer
from credit.money import CURRENCIES
from journal.models import Entry
from journal.record import entry, record
from orders import policies
from orders.amounts import LineInput, totals
from orders.enums import OrderAction, OrderState, Source
from orders.errors import OrderError, WrongState
from orders.lifecycle.answer import REFUSALS, Answer
from orders.lifecycle.known import (
    Known,
    already,
    customer_and_known,
    guard_unknown,
    known_of,
    note,
)
from orders.lifecycle.steps import guard_version, lock_order, may
from orders.models import ImportRun, Order, OrderLine
from orders.signals import orders_came
from staff.batch import Batch, insert_unless_there
from staff.bulk import Bulk, reserve_ids
from staff.models import User
from staff.sentences import sentence as _


@dataclass(frozen=True, slots=True)
class Header:
    """What an order says apart from its lines."""

    currency: str
    payment_days: int
    ship_to_name: str = ""
    ship_to_phone: str = ""
    ship_to_address: str = ""
    note: str = ""
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an order comes from, for orders that were not entered in the form."""

    source: Source = Source.FORM
    external_id: str = ""
    history: bool = False
    import_run: ImportRun | None = None


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What `create_draft` is told of one order, for those who enter many."""

    customer_id: int
    header: Header
    lines: Sequence[LineInput]
    origin: Origin = Origin()


@transaction.atomic
def create_draft(
    *,
    customer_id: int,
    header: Header,
    lines: Sequence[LineInput],
    by: User,
    at: datetime,
    origin: Origin = Origin(),
) -> Order:
    """Enter a new order for a customer; its salesperson is the customer's.

    Raises PermissionDenied, InvalidLine, AlreadyThere for a number at the source that an order has,
    or OrderError for a customer without a credit account and for a currency that nobody can order
    in.
    """
    customer, known = customer_and_known(customer_id, origin)
    order = _begin(customer, header, origin, by, at)
    guard_unknown(origin, known)
    _say(order, header, lines)
    if not insert_unless_there(order, "number", "margin_percent"):
        # An order with the same number was committed just now.
        raise already(origin)
    batch = Batch()
    batch.insert(_rows(order, lines))
    batch.insert([_created(order, lines, by, at)])
    batch.send()
    _came([order], at)
    return order


@transaction.atomic
def create_drafts(*, drafts: Sequence[NewDraft], by: User, at: datetime) -> list[Answer]:
    """Enter many new orders as `create_draft` enters one, in a handful of statements.

    The answers are in the order of the drafts. One that is refused leaves no trace and does not
    keep the others from being entered.
    """
    customers = Customer.objects.select_related("account").in_bulk(
        {draft.customer_id for draft in drafts}
    )
    known = known_of(drafts)
    answers = [_entered(draft, customers, known, by, at) for draft in drafts]
    batch, numbers = Bulk(), iter(reserve_ids(Order, len(drafts)))
    for draft, answer in zip(drafts, answers, strict=True):
        if order := answer.order:
            order.pk = next(numbers)
            batch.insert([order])
            batch.insert(_rows(order, draft.lines))
            batch.insert([_created(order, draft.lines, by, at)])
    batch.send()
    _came([answer.order for answer in answers if answer.order], at)
    return answers


def _came(orders: Sequence[Order], at: datetime) -> None:
    named = [order for order in orders if order.external_id]
    if named:
        # Answered by orders.receivers.adopt_events.
        orders_came.send(Order, orders=named, at=at)


def _entered(
    draft: NewDraft, customers: Mapping[int, Customer], known: Known, by: User, at: datetime
) -> Answer:
    try:
        guard_unknown(draft.origin, known)
        if draft.customer_id not in customers:
            raise Customer.DoesNotExist
        order = _begin(customers[draft.customer_id], draft.header, draft.origin, by, at)
        _say(order, draft.header, draft.lines)
    except REFUSALS as refusal:
        return Answer(refusal=refusal)
    note(draft.origin, known)
    return Answer(order)


def _begin(customer: Customer, header: Header, origin: Origin, by: User, at: datetime) -> Order:
    guard_account(customer, header.currency)
    order = Order(
        customer=customer,
        account=customer.account,
        owner_id=customer.owner_id,
        created_at=at,
        source=origin.source,
        external_id=origin.external_id,
        history=origin.history,
        import_run=origin.import_run,
    )
    if not policies.can_create(by, order):
        raise PermissionDenied(_("You may not enter orders for this customer."))
    return order


def _created(order: Order, lines: Sequence[LineInput], by: User, at: datetime) -> Entry:
    return entry(
        action=OrderAction.CREATED,
        subject=order,
        by=by,
        at=at,
        to_state=order.state,
        data={"total": order.total, "currency": order.currency, "lines": len(lines)},
    )


@transaction.atomic
def edit_draft(
    *,
    order_id: int,
    header: Header,
    lines: Sequence[LineInput],
    seen_version: int,
    by: User,
    at: datetime,
) -> Order:
    """Replace header and lines of a draft, which makes a new version of it.

    Raises PermissionDenied, WrongState, StaleOrder, InvalidLine, or OrderError for a currency that
    nobody can order in.
    """
    order = lock_order(order_id)
    may(by, policies.can_edit, order)
    if order.state != OrderState.DRAFT:
        raise WrongState(_("Only a draft can be changed. Take the order back first."))
    guard_version(order, seen_version)
    guard_account(order.customer, header.currency)
    before = order.total
    order.version += 1
    order.lines.all().delete()
    write(order, header, lines)
    order.refresh_from_db(fields=["margin_percent"])  # the database computes it
    record(
        action=OrderAction.EDITED,
        subject=order,
        by=by,
        at=at,
        data={"before": before, "after": order.total, "currency": order.currency},
    )
    return order


def guard_account(customer: Customer, currency: str) -> None:
    """Raises OrderError for a customer without an account, or a currency nobody can order in."""
    if not hasattr(customer, "account"):
        raise OrderError(
            _("%(customer)s has no credit account yet. Ask a credit analyst to open one.")
            % {"customer": customer}
        )
    if currency not in dict(CURRENCIES):
        raise OrderError(
            _("Orders cannot be in %(currency)s. Choose another currency.") % {"currency": currency}
        )


def _guard_same_money(order: Order, currency: str) -> None:
    """Raises OrderError for another currency than the one in which money came for the order."""
    if order.currency in ("", currency):
        return
    if order.paid_amount:
        raise OrderError(
            _("The order is partly paid in %(currency)s, so its currency stays.")
            % {"currency": order.currency}
        )
    order.rate = None


def _paid_in_full_at(order: Order) -> datetime | None:
    """When what was paid in advance came to the total, which may just have changed."""
    if not order.paid_amount or order.paid_amount < order.total:
        return None
    return order.paid_at or order.payments.latest("at").at


def write(order: Order, header: Header, lines: Sequence[LineInput]) -> None:
    """Save what the order says now, header and lines; old lines are gone already."""
    _say(order, header, lines)
    order.save()
    OrderLine.objects.bulk_create(_rows(order, lines))


def _say(order: Order, header: Header, lines: Sequence[LineInput]) -> None:
    sums = totals(lines)
    _guard_same_money(order, header.currency)
    for name in Header.__slots__:
        setattr(order, name, getattr(header, name))
    order.net, order.tax, order.total, order.cost = sums.net, sums.tax, sums.total, sums.cost
    order.paid_at = _paid_in_full_at(order)


def _rows(order: Order, lines: Sequence[LineInput]) -> list[OrderLine]:
    return [
        OrderLine(
            order=order,
            position=position,
            product_id=line.product_id,
            quantity=line.quantity,
            price=line.price,
            list_price=line.list_price,
            unit_cost=line.unit_cost,
            discount_percent=line.discount_percent,
            tax_percent=line.tax_percent,
            net=line.net,
            tax=line.tax,
            lot=line.lot.strip(),
        )
        for position, line in enumerate(lines, start=1)
    ]
