"""Splitting an order that failed: what fits now goes on, the rest becomes an order of its own."""

from datetime import datetime

from django.db import transaction

from journal.record import record
from orders import gate, policies
from orders.enums import OrderAction, OrderState
from orders.errors import OrderError, WrongState
from orders.lifecycle.draft import Header, create_draft, edit_draft
from orders.lifecycle.release import submit, take_back
from orders.lifecycle.steps import guard_version, lock, may
from orders.models import Order
from orders.remedies.finding import reduction
from orders.remedies.fitting import Parts, parts
from orders.versions import inputs_of
from staff.figures import money
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def split(*, order_id: int, by: User, at: datetime, seen_version: int) -> tuple[Order, Order]:
    """Keep what fits of a failed order, which is released, and enter the rest as a new draft.

    Payments stay with the order that is released. Raises PermissionDenied, WrongState, StaleOrder,
    or OrderError when no part fits; then nothing has changed.
    """
    account, order = lock(order_id)
    may(by, policies.can_split, order)
    if order.state != OrderState.CREDIT_FAILED:
        raise WrongState(_("Only an order that did not pass its checks can be split so."))
    guard_version(order, seen_version)
    found = fitting(order, gate.check(gate.prepare(order.pk, at), account, order, at))
    header = header_of(order)
    reason = _("Split: goods worth %(kept)s %(currency)s fit now.") % {
        "kept": money(found.total),
        "currency": order.currency,
    }
    take_back(order_id=order.pk, by=by, reason=reason, at=at)
    kept = edit_draft(
        order_id=order.pk, header=header, lines=found.kept, seen_version=seen_version, by=by, at=at
    )
    kept = submit(order_id=order.pk, by=by, at=at, seen_version=kept.version)
    if kept.state != OrderState.APPROVED:
        raise _nothing_fits(order)
    rest = create_draft(
        customer_id=order.customer_id, header=header, lines=found.rest, by=by, at=at
    )
    for one, action, other in (
        (kept, OrderAction.SPLIT, rest),
        (rest, OrderAction.SPLIT_OFF, kept),
    ):
        figures = {"order": other.pk, "number": other.number, "total": other.total}
        record(
            action=action,
            subject=one,
            by=by,
            at=at,
            to_state=one.state,
            data=figures | {"currency": other.currency},
        )
    return kept, rest


def fitting(order: Order, result: gate.GateResult) -> Parts:
    """The part of the order's lines that fits now, and the rest. Raises OrderError where none does.

    Gate rules that the whole order met are asked again when the part is submitted.
    """
    found = reduction(result.facts, result.policy.content)
    split = parts(inputs_of(order), order.total - found.amount) if found else None
    if found is None or found.left or split is None:
        raise _nothing_fits(order)
    return split


def header_of(order: Order) -> Header:
    """What the order says apart from its lines."""
    return Header(**{name: getattr(order, name) for name in Header.__slots__})


def _nothing_fits(order: Order) -> OrderError:
    return OrderError(
        _("No part of order %(number)s passes its checks now, so it cannot be split.")
        % {"number": order.number}
    )
