"""The parts that the verbs share: locking in the right order, guarding, refusing."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from credit import lifecycle as credit
from credit.models import CreditAccount
from journal.record import record
from orders.enums import OrderState
from orders.errors import InFuture, OrderError, StaleOrder, WrongState
from orders.models import Order
from staff.models import User

# What an import found is long and of no concern to its orders.
_REPORT = [f"import_run__{name}" for name in ("choices", "found", "skipped", "problems", "notes")]


def account_of(order_id: int) -> int:
    """The id of the order's account, which never changes; Order.DoesNotExist without the order."""
    return Order.objects.values_list("account_id", flat=True).get(pk=order_id)


def seen(order_id: int) -> Order:
    """The order as it is before anything is locked. Raises Order.DoesNotExist without the order."""
    return Order.objects.select_related("customer").get(pk=order_id)


def lock(order_id: int, account_id: int | None = None) -> tuple[CreditAccount, Order]:
    """Lock the account, then the order: the order in which everybody locks.

    `account_id` spares a query to those who know it. Raises Order.DoesNotExist when there is no
    such order, and OrderError in the rare case that the account is just changing its group.
    """
    try:
        account = credit.lock(account_id or account_of(order_id))
    except credit.CreditError as busy:
        raise OrderError(str(busy)) from busy
    order = lock_order(order_id)
    # Read after the account was ours, so that no change made while we waited for it is missed.
    account.customer = order.customer
    order.account = account
    return account, order


def lock_order(order_id: int) -> Order:
    """Lock the order alone, for verbs that leave the account as it is."""
    orders = Order.objects.locked().select_related("customer__segment", "import_run")
    return orders.defer(*_REPORT).get(pk=order_id)


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


def step(order: Order, move: Callable[[], None], *changed: str) -> None:
    """Make a step of the state diagram and save it with the fields that changed along with it."""
    move()
    order.save(update_fields=["state", *changed])


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
