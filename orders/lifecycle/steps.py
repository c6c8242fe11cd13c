"""The parts that the verbs share: locking in the right order, guarding, refusing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django_fsm import can_proceed

from credit import lifecycle as credit
from credit.models import CreditAccount, Customer
from journal.record import record
from orders import gate
from orders.enums import OrderState
from orders.errors import InFuture, OrderError, StaleOrder, WrongState
from orders.models import Decision, ImportRun, Order
from orders.signals import order_failed_gate, order_passed_for_approval
from staff.batch import Batch
from staff.models import User
from staff.prepared import Statement, ask
from staff.rows import columns, instance, width
from staff.sentences import sentence as _

# What an import found is long and of no concern to its orders.
REPORT = ("choices", "found", "skipped", "problems", "notes")

# How an order is known: by its key, by its number here, or by that at its source.
_KEY = "o.id = %s"
_NUMBER = "o.number = %s"
_AT_SOURCE = "o.source = %s AND o.external_id = %s AND o.external_id <> ''"
_LOCK = "SELECT credit_lock(o.account_id) FROM orders_order o WHERE {known}"
_ALONE = "FOR NO KEY UPDATE OF o"


def seen(order_id: int) -> Order:
    """The order as it is before anything is locked. Raises Order.DoesNotExist without the order."""
    order, _more = _read((_row_sql(_KEY), [order_id]))
    return order


def lock(order_id: int) -> tuple[CreditAccount, Order]:
    """Lock the account with its groups, then the order: the order in which everybody locks.

    One round trip; each statement sees what was committed while the one before it waited. Raises
    Order.DoesNotExist when there is no such order, and OrderError in the rare case that the account
    is just changing its group.
    """
    order, _more = _lock(_KEY, [order_id])
    return order.account, order


def lock_named(reference: str, source: str) -> Order | None:
    """The order with this number, locked as `lock` does; None without one.

    With a `source` the number is the one that the order has there. Raises OrderError as `lock`.
    """
    known, values = (_AT_SOURCE, [source, reference]) if source else (_NUMBER, [reference])
    try:
        order, _more = _lock(known, values)
    except Order.DoesNotExist:
        return None
    return order


def lock_and_read(
    order_id: int, prepared: gate.Prepared, at: datetime
) -> tuple[CreditAccount, Order, gate.Reading]:
    """Lock as `lock` does, and read what the gate looks at under the lock on the same way."""
    order, more = _lock(_KEY, [order_id], *gate.under_lock(prepared, at))
    return order.account, order, gate.Reading(*more)


def lock_order(order_id: int) -> Order:
    """Lock the order alone, for verbs that leave the account as it is.

    Raises Order.DoesNotExist without the order.
    """
    order, _more = _read((_row_sql(_KEY, _ALONE), [order_id]))
    return order


def _lock(
    known: str, values: Sequence[Any], more: str = "", more_values: Sequence[Any] = ()
) -> tuple[Order, Sequence[Any]]:
    try:
        with credit.busy_group_told():
            # Two statements, so that the second sees what was committed while the first waited.
            row_sql = _row_sql(known, "FOR UPDATE OF o", more)
            return _read((_LOCK.format(known=known), values), (row_sql, [*more_values, *values]))
    except credit.CreditError as busy:
        raise OrderError(*busy.args) from busy


def _read(*statements: Statement) -> tuple[Order, Sequence[Any]]:
    """The order with customer and account that the last statement finds, and what it adds."""
    row = ask(*statements)
    if row is None:
        raise Order.DoesNotExist
    first, second = width(Order), width(Order) + width(Customer)
    third = second + width(CreditAccount)
    order = instance(Order, row[:first])
    order.customer = instance(Customer, row[first:second])
    order.account = instance(CreditAccount, row[second:third])
    order.account.customer = order.customer
    if order.import_run_id:
        order.import_run = ImportRun.objects.defer(*REPORT).get(pk=order.import_run_id)
    return order, row[third:]


@lru_cache(maxsize=16)
def _row_sql(known: str, locking: str = "", more: str = "") -> str:
    # The columns are the models' own, and those of the gate, which hold no values.
    return f"""
        SELECT {columns(Order, "o")}, {columns(Customer, "c")}, {columns(CreditAccount, "a")}
            {"," if more else ""} {more}
        FROM orders_order o
        JOIN credit_customer c ON c.id = o.customer_id
        JOIN credit_creditaccount a ON a.id = o.account_id
        WHERE {known} {locking}
    """  # noqa: S608


def guard_state(order: Order, step: Callable[[], None]) -> None:
    """Raises WrongState when the state diagram has no such step from where the order is."""
    if not can_proceed(step):
        raise WrongState(
            _("Order %(number)s is %(state)s, so this cannot be done now.")
            % {"number": order.number, "state": OrderState(order.state).label}
        )


def guard_version(order: Order, seen_version: int | None) -> None:
    """Raises StaleOrder when the page that asks was opened on an older version."""
    if seen_version is not None and seen_version != order.version:
        raise StaleOrder(
            _("Somebody changed order %(number)s meanwhile. Look at it again, then repeat.")
            % {"number": order.number}
        )


def guard_past(happened_at: datetime, at: datetime) -> None:
    """Raises InFuture when an event is said to happen after the present moment `at`."""
    if happened_at > at:
        raise InFuture(_("This time lies in the future. Enter when it happened."))


def guard_reason(reason: str) -> None:
    """Raises OrderError when nothing is said where the order's history needs a reason."""
    if not reason.strip():
        raise OrderError(_("Write why: it is kept with the order."))


def may(user: User, allowed: Callable[[User, Order], bool], order: Order) -> None:
    """Raises PermissionDenied unless the policy allows the user this on the order."""
    if not allowed(user, order):
        raise PermissionDenied(_("You may not do this with this order."))


def ask_approvers(order: Order, made: Decision, *, by: User | None, at: datetime) -> None:
    """Tell of an order that waits now, because the check failed or its policy asks for a person."""
    if order.state == OrderState.CREDIT_FAILED:
        # Answered by approvals.receivers.open_request.
        order_failed_gate.send(Order, order=order, decision=made, by=by, at=at)
    elif order.state == OrderState.CREDIT_PASSED:
        # Answered by approvals.receivers.open_request.
        order_passed_for_approval.send(Order, order=order, decision=made, by=by, at=at)


def step(order: Order, move: Callable[[], None], *changed: str, batch: Batch | None = None) -> None:
    """Make a step of the state diagram and save it with the fields that changed along with it.

    With a batch it is saved when that is sent.
    """
    move()
    if batch is None:
        order.save(update_fields=["state", *changed])
    else:
        batch.update(order, "state", *changed)


def journal(
    order: Order, action: str, was: str, *, by: User | None, at: datetime, reason: str = ""
) -> None:
    record(
        action=action,
        subject=order,
        by=by,
        at=at,
        from_state=was,
        to_state=order.state,
        reason=reason,
        data={"total": order.total, "currency": order.currency},
    )
