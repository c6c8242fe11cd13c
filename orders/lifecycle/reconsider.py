"""A release is not for ever: it is asked again when the order changes, or when it has grown old."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from credit import exposure
from credit import lifecycle as credit
from credit.exposure import OrderExposure
from credit.models import CreditAccount
from credit.money import ZERO
from journal.record import record
from orders import gate, policies
from orders.amounts import LineInput
from orders.covering import uncovered
from orders.enums import WAITING, DecisionKind, OrderAction, OrderState, Outcome
from orders.errors import OrderError, ReleaseLapsed, WrongState
from orders.lifecycle.allocating import let_go_of_goods
from orders.lifecycle.books import went_on
from orders.lifecycle.conditions import drop_conditions, follow_conditions, released_part
from orders.lifecycle.draft import Header, guard_account, write
from orders.lifecycle.releasing import (
    TERMS,
    guard_rate,
    held_while_waiting,
    release,
    set_terms,
    to_hold,
)
from orders.lifecycle.steps import (
    ask_approvers,
    guard_reason,
    guard_version,
    journal,
    lock,
    lock_and_read,
    may,
    step,
)
from orders.models import Decision, Order, OrderVersion
from orders.signals import order_passed_at_last
from orders.versions import content_of
from staff.batch import Batch
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def amend(
    *,
    order_id: int,
    header: Header,
    lines: Sequence[LineInput],
    reason: str,
    seen_version: int,
    by: User,
    at: datetime,
) -> Order:
    """Change a released order that has not shipped, which makes a new version of it.

    The release survives where the check passes, and where nothing was changed that it rested on: it
    is void when the order grew past the policy's tolerance or its terms or ship-to changed, and
    when a reason is found that nobody waived. The order then waits for an approver again. Raises
    PermissionDenied, WrongState, StaleOrder, InvalidLine, or OrderError without a reason or lines.
    """
    account, order = lock(order_id)
    may(by, policies.can_amend, order)
    if order.state != OrderState.APPROVED or order.invoiced_amount:
        raise WrongState(_("Only a released order that is not invoiced yet can be changed so."))
    guard_version(order, seen_version)
    guard_reason(reason)
    if not lines:
        raise OrderError(_("An order needs at least one line. Cancel it if nothing is wanted."))
    guard_account(order.customer, header.currency)
    before = content_of(order)
    OrderVersion.objects.create(
        order=order,
        number=order.version,
        content=before,
        reason=reason.strip(),
        replaced_at=at,
        replaced_by=by,
    )
    order.version += 1
    let_go_of_goods(order, by=by, at=at)
    order.lines.all().delete()
    order.unreleased = ZERO
    write(order, header, lines)
    journal(order, OrderAction.AMENDED, order.state, by=by, at=at, reason=reason.strip())
    return _ask_again(account, order, DecisionKind.AMENDMENT, before, by=by, at=at)


def check_release(*, order_id: int, by: User, happened_at: datetime, at: datetime) -> None:
    """Ask the gate again before an order ships whose release had grown too old by `happened_at`.

    A pass renews the release, unless the policy asks for a person; otherwise the order goes back to
    the approvers, which stays, and ReleaseLapsed is raised. Nothing happens to an order whose
    release is good, or that is not released. Raises PermissionDenied.
    """
    with transaction.atomic():
        account, order = lock(order_id)
        may(by, policies.can_ship, order)
        due = order.state == OrderState.APPROVED and not order.history
        if not due or release_is_good(order, happened_at):
            return
        order = _ask_again(account, order, DecisionKind.SHIPPING, None, by=by, at=at)
    if order.state in WAITING:
        raise ReleaseLapsed(_lapsed_words(order) % {"number": order.number})


def _lapsed_words(order: Order) -> str:
    if order.state == OrderState.CREDIT_PASSED:
        return _("The release of order %(number)s had lapsed. An approver decides now.")
    return _(
        "The release of order %(number)s had lapsed, and the check before shipping finds "
        "reasons against it. An approver decides now."
    )


def release_is_good(order: Order, at: datetime) -> bool:
    """Whether the release has not grown too old at `at`; growth in amount is seen by `amend`."""
    return order.released_until is None or at <= order.released_until


@transaction.atomic
def reevaluate(*, order_id: int, by: User | None, at: datetime) -> Order:
    """Ask the gate again about an order that waits, because money or limits have arrived.

    A pass releases it; anything else leaves it as it is, and so does a policy that asks for a
    person. Holds stay. Nobody's right is asked, since
    nobody decides: the check does.
    """
    prepared = gate.prepare(order_id, at)
    account, order, reading = lock_and_read(order_id, prepared, at)
    if order.state != OrderState.CREDIT_FAILED:
        return order
    held = held_while_waiting(order)
    result = gate.check(prepared, account, order, at, held=held.used, reading=reading)
    if result.reasons or result.asks_person:
        return order
    batch = Batch()
    made = gate.decision(
        result, order=order, kind=DecisionKind.AGAIN, outcome=Outcome.PASSED, by=by, at=at,
        batch=batch,
    )  # fmt: skip
    # Answered by approvals.receivers.drop_request.
    order_passed_at_last.send(Order, order=order, by=by, at=at)
    reason = _("The credit check passes since money or limits arrived.")
    release(account, order, result, made, by=by, at=at, reason=reason, held=held, batch=batch)
    batch.send()
    return went_on(order, at)


def _ask_again(
    account: CreditAccount,
    order: Order,
    kind: DecisionKind,
    before: dict[str, object] | None,
    *,
    by: User,
    at: datetime,
) -> Order:
    prepared = gate.prepare(order.pk, at)
    held = credit.order_exposure(order.pk)
    result = gate.check(prepared, account, order, at, held=held.used)
    waived = before is not None and _covered(order, before, result)
    failed = bool(result.reasons) and not waived
    outcome = Outcome.FAILED if failed else Outcome.WAIVED if result.reasons else Outcome.PASSED
    batch = Batch()
    made = gate.decision(result, order=order, kind=kind, outcome=outcome, by=by, at=at, batch=batch)
    batch.send()
    if failed or (result.asks_person and not waived):
        return _reopen(account, order, made, held, by=by, at=at)
    guard_rate(order, result)
    if not waived:
        # Growth within the tolerance is measured from what was released, not from the last change.
        set_terms(order, result, at)
    # What is reserved from here on was converted at the rate of this decision.
    order.rate = result.rate
    released_part(order)
    order.save(update_fields=list(TERMS))
    needed = to_hold(order, result)
    _post(account, order, exposure.adjust(held, needed), by, at)
    record(
        action=OrderAction.RECHECKED,
        subject=order,
        by=by,
        at=at,
        data={"decision": made.pk, "reserved": needed, "currency": made.currency},
    )
    follow_conditions(account, order, by=by, at=at)
    return order


def _covered(order: Order, before: dict[str, object], result: gate.GateResult) -> bool:
    """Whether the release before the change covers the order after it, reasons and all."""
    reasons = {reason.code for reason in result.reasons}
    return not uncovered(order, before, result.policy.content, reasons)


def _reopen(
    account: CreditAccount,
    order: Order,
    made: Decision,
    held: OrderExposure,
    *,
    by: User,
    at: datetime,
) -> Order:
    """Take the release back, with what it reserved; the order waits for an approver."""
    _post(account, order, exposure.free(held), by, at)
    was = order.state
    order.approved_at = order.released_until = order.released_total = None
    drop_conditions(account, order, by=by, at=at)
    let_go_of_goods(order, by=by, at=at)
    step(order, order.to_reopened, "approved_at", "released_until", "released_total", "unreleased")
    passed = made.outcome == Outcome.PASSED
    step(order, order.to_credit_passed if passed else order.to_credit_failed)
    journal(order, OrderAction.REOPENED, was, by=by, at=at)
    ask_approvers(order, made, by=by, at=at)
    return order


def _post(
    account: CreditAccount, order: Order, moves: list[exposure.Move], by: User, at: datetime
) -> None:
    credit.post(
        account=account, moves=moves, order_id=order.pk, document=order.number, by=by, at=at
    )
