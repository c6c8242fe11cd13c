"""What the verbs of fulfilment write beside the order itself: ledger, journal, the end."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from credit import lifecycle as credit
from credit.days import company_day
from credit.exposure import Move, OrderExposure
from credit.models import CreditAccount
from credit.money import ZERO, quantize
from credit.rates import ONE, Rates, rates_on
from journal.record import record
from orders import portions
from orders.enums import OrderAction, OrderState
from orders.errors import OrderError
from orders.lifecycle.moments import paid_in_full_at
from orders.lifecycle.steps import lock_order
from orders.models import Order, OrderLine
from orders.signals import order_went_on
from staff.models import User
from staff.savepoints import can_be_undone_alone
from staff.sentences import sentence as _

# The rate of an order in the currency of its account, or of one that was not released yet.
_AS_IT_IS = (None, ONE)


def fix_rate(order: Order, at: datetime) -> None:
    """See to it that an order in another currency than its account's has a rate.

    The gate sets it with each release and it stays until the next one. Money that comes before the
    first release counts at the rate of its day. Raises OrderError where nobody entered one.
    """
    own, day = order.account.currency, company_day(at)
    if order.rate is not None or order.currency == own:
        return
    rates = Rates.of(rates_on(day, [order.currency], [own]))
    order.rate = rates.rate(order.currency, own)
    if order.rate is None:
        raise OrderError(
            _("There is no exchange rate for %(currency)s. Ask an administrator to enter it.")
            % {"currency": order.currency}
        )
    order.save(update_fields=["rate"])


def in_account(order: Order, amount: Decimal) -> Decimal:
    """An amount of the order in the currency of its account, at the order's own rate."""
    return amount if order.rate in _AS_IT_IS else quantize(amount * order.rate)


def in_order(order: Order, amount: Decimal) -> Decimal:
    """An amount of the order's account in the currency of the order, at the order's own rate."""
    return amount if order.rate in _AS_IT_IS else quantize(amount / order.rate)


# Parts that are rounded one by one do not always come to the whole. So that no cent is left behind
# in a bucket, the last part of an order takes the rest, whichever verb it is.


def received(order: Order, amount: Decimal, held: OrderExposure) -> Decimal:
    """A payment in the currency of the account; what pays the order off takes all it uses."""
    due = order.unpaid - order.unreleased
    if order.rate not in _AS_IT_IS and held.used and amount >= due:
        return held.used + in_account(order, amount - due)
    return in_account(order, amount)


def let_go(order: Order, amount: Decimal, held: OrderExposure) -> Decimal:
    """What is not owed any more, in the currency of the account, after the order was reduced."""
    if order.rate not in _AS_IT_IS and not (order.to_invoice and order.unpaid):
        return max(held.delivered + held.reserved, in_account(order, amount))
    return in_account(order, amount)


def staying(order: Order, lines: Iterable[OrderLine]) -> Decimal:
    """What is released and has not left, in the currency of the account: no more is reserved."""
    left = portions.value(portions.rest(lines)) - order.unreleased
    return in_account(order, max(left, ZERO))


def next_invoice(order: Order, amount: Decimal) -> tuple[Decimal, Decimal]:
    """An invoice, and all that may be invoiced still, in the currency of the account.

    Each is the difference between what is invoiced after it and before it, each rounded.
    """
    done = order.invoiced_net
    before = in_account(order, done)
    whole = in_account(order, done + order.to_invoice_now) - before
    return in_account(order, done + amount) - before, whole


def post(
    account: CreditAccount, order: Order, moves: Sequence[Move], by: User, happened_at: datetime
) -> None:
    """Move the order's amounts in the ledger of its locked account."""
    credit.post(
        account=account,
        moves=moves,
        order_id=order.pk,
        document=order.number,
        by=by,
        at=happened_at,
    )


def journal(
    order: Order,
    action: str,
    was: str,
    by: User,
    happened_at: datetime,
    figures: Mapping[str, object],
    reason: str = "",
) -> None:
    """Journal a step of the order, with the figures that it used."""
    record(
        action=action,
        subject=order,
        by=by,
        at=happened_at,
        from_state=was,
        to_state=order.state,
        reason=reason,
        data={"currency": order.currency, **figures},
    )


def reduce(order: Order, amount: Decimal, *, of_invoice: Decimal, at: datetime) -> Decimal:
    """Let the customer owe `amount` less, and save it; returns by how much less is to invoice.

    `of_invoice` is the part that was invoiced and waits for a credit note. With nothing left to
    invoice or to pay, the order is invoiced or paid in full from here on.
    """
    order.reduction += amount
    order.to_credit += of_invoice
    if order.invoiced_at is None and not order.to_invoice:
        order.invoiced_at = at
    # What is told late may be what came to all of it.
    if order.paid_amount and not order.unpaid and (order.paid_at is None or at < order.paid_at):
        order.paid_at = paid_in_full_at(order, at)
    order.save(update_fields=["reduction", "to_credit", "invoiced_at", "paid_at", "unreleased"])
    return amount - of_invoice


def went_on(order: Order, at: datetime) -> Order:
    """Let events that waited for what just happened to the order take their turn; the order then.

    The caller holds the locks of account and order. Where one event that is refused would end all
    that the caller does, the turn comes once that is committed.
    """
    if not can_be_undone_alone():
        will_go_on(order, at)
        return order
    if not order.events_wait:
        return order
    # Answered by orders.receivers.apply_waiting.
    order_went_on.send(Order, order=order, at=at)
    return lock_order(order.pk)


def will_go_on(order: Order, at: datetime) -> None:
    """As `went_on`, once it is committed: for verbs that cannot take all the locks in order."""
    if order.events_wait:
        transaction.on_commit(lambda: order_went_on.send(Order, order=order, at=at), robust=True)


def complete_if_done(order: Order, by: User, at: datetime) -> Order:
    """Delivered, invoiced and paid in full: nothing is left to do but to give money back.

    What replaces returned goods costs nothing, and is done when it is delivered.
    """
    charged = order.invoiced_at or order.replaces_id
    if order.state != OrderState.DELIVERED or not charged or order.unpaid:
        return order
    if order.credit_due and credit.order_exposure(order.pk).used:
        return order  # an invoice is open that a credit note has to lower
    was = order.state
    order.closed_at = at
    order.to_completed()
    order.save(update_fields=["state", "closed_at"])
    journal(order, OrderAction.COMPLETED, was, by, at, {"total": order.total})
    return order
