"""Real transactions on real connections, all at once, for one account."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from threading import Barrier

import psycopg
import pytest
from django.db import connection, transaction

from approvals.lifecycle import RequestError
from approvals.models import ApprovalRequest
from credit.models import CreditAccount
from orders.enums import OrderState
from orders.errors import OrderError
from orders.models import Order
from tests.factories import credit, orders
from tests.factories.staff import superuser
from tests.factories.traces import balances, ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CONNECTIONS = 16
REFUSALS = (OrderError, RequestError)


def at_once(*calls, connections=CONNECTIONS):
    """Run the calls, so many at a time, each thread on its own connection; what they returned.

    A refusal that names its reason is returned as well; anything else, a lock error above all, is
    raised.
    """
    start = Barrier(min(connections, len(calls)))

    def run(number_and_call):
        number, call = number_and_call
        if number < connections:
            start.wait()
        try:
            return call()
        except REFUSALS as refusal:
            return refusal

    def work(numbered):
        try:
            return [run(one) for one in numbered]
        finally:
            connection.close()

    numbered = list(enumerate(calls))
    with ThreadPoolExecutor(connections) as pool:
        shares = [numbered[i::connections] for i in range(min(connections, len(calls)))]
        return [result for share in pool.map(work, shares) for result in share]


def drafts(account, *totals):
    """Drafts made in bulk; by hand they would take longer than the proof."""
    sample = orders.draft(account)
    line = sample.lines.get()
    copies = []
    for total in totals:
        copy = Order(customer=sample.customer, account=account, owner=sample.owner)
        copy.currency, copy.created_at = sample.currency, sample.created_at
        copy.net = copy.total = Decimal(total)
        copies.append(copy)
    Order.objects.bulk_create(copies)
    lines = [type(line)(order=copy, product_id=line.product_id) for copy in copies]
    for copy, made in zip(copies, lines, strict=True):
        made.position, made.quantity, made.tax_percent, made.tax = 1, 1, 0, 0
        made.price = made.net = copy.total
    type(line).objects.bulk_create(lines)
    return copies


def submission(order):
    return lambda: orders.submit(order)


def test_submit_of_a_thousand_orders_at_once_never_passes_the_limit():
    account = credit.account("40000.00")
    dice = random.Random(20260302)
    made = drafts(account, *(Decimal(dice.randint(1, 20_000)) / 100 for _ in range(1000)))
    results = at_once(*(submission(order) for order in made))
    assert all(isinstance(result, Order) for result in results)
    reserved = sum(result.total for result in results if result.state == OrderState.APPROVED)
    assert balances(account) == {"reserved": f"{reserved:.2f}"}
    assert reserved <= 40_000
    # The smallest one that was refused would not have fitted when it was: nearly nothing is left.
    assert 40_000 - reserved < 200

    states = Counter(Order.objects.filter(pk__in=[o.pk for o in made]).values_list("state"))
    failed = states[(OrderState.CREDIT_FAILED,)]
    assert states == {(OrderState.APPROVED,): 1000 - failed, (OrderState.CREDIT_FAILED,): failed}
    waiting = ApprovalRequest.objects.open().filter(order__account=account)
    assert waiting.values("order").distinct().count() == waiting.count() == failed > 0


def test_submit_of_eight_times_ninety_against_a_hundred_passes_one():
    account = credit.account("100.00")
    results = at_once(*map(submission, drafts(account, *["90.00"] * 8)))
    states = Counter(result.state for result in results)
    assert states == {"approved": 1, "credit_failed": 7}
    assert balances(account) == {"reserved": "90.00"}


def test_submit_of_one_order_by_sixteen_clicks_happens_once():
    account = credit.account("100.00")
    (order,) = drafts(account, "90.00")
    results = at_once(*[submission(order)] * 16)
    assert sum(isinstance(result, Order) for result in results) == 1
    assert ledger(order) == [("reserve", "", "reserved", "90.00")]


@pytest.mark.parametrize("round_", range(3))
def test_approve_against_cancel_has_one_outcome(round_):
    order, analyst = orders.failed("90.00"), superuser()
    request = orders.open_request(order)
    answer = {"request_id": request.pk, "by": analyst, "comment": "ok", "at": orders.NOW}
    answer["seen_decision_id"] = request.decision_id
    at_once(lambda: orders.approvals.approve(**answer), lambda: orders.cancel(order))
    order, request = Order.objects.get(pk=order.pk), type(request).objects.get(pk=request.pk)
    assert order.state == OrderState.CANCELLED  # an approved order can still be cancelled
    assert request.state in {"approved", "withdrawn"}
    assert balances(order.account) == {}
    assert len(ledger(order)) == (2 if request.state == "approved" else 0)


@pytest.mark.parametrize("verbs", [("approve", "approve"), ("approve", "reject")])
def test_two_approvers_at_once_give_one_answer(verbs):
    order, approvers = orders.failed("90.00"), [superuser(), superuser()]
    request = orders.open_request(order)

    def answer(verb, by):
        seen = {"seen_decision_id": request.decision_id} if verb == "approve" else {}
        return lambda: getattr(orders.approvals, verb)(
            request_id=request.pk, by=by, comment="mine", at=orders.NOW, **seen
        )

    results = at_once(*map(answer, verbs, approvers))
    refusals = [result for result in results if isinstance(result, RequestError)]
    assert len(refusals) == 1 and "already" in str(refusals[0])
    released = Order.objects.get(pk=order.pk).state == OrderState.APPROVED
    assert balances(order.account) == ({"reserved": "90.00"} if released else {})


def test_verbs_of_all_kinds_at_once_never_wait_for_each_other_in_a_circle():
    account, boss = credit.account("2000.00"), superuser()
    made = drafts(account, *["30.00"] * 24)
    for order in made[:12]:
        orders.submit(order)
    calls = [submission(order) for order in made[12:]]
    for verb in (orders.pay, orders.invoice, orders.hold, orders.cancel, orders.ship):
        calls += [lambda o=order, v=verb: v(o, by=boss) for order in made[:12]]
    random.Random(1).shuffle(calls)
    results = at_once(*calls)
    assert all(result is not None for result in results)
    assert sum(map(Decimal, balances(account).values())) > 0
    stored = CreditAccount.objects.get(pk=account.pk)
    assert stored.used <= 2000


@contextmanager
def locked(account):
    """Somebody else works on the account: its row is locked on another connection."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT FROM credit_creditaccount WHERE id = %s FOR UPDATE", [account.pk])
        yield


def wait_for_lock():
    """Until some transaction waits for a lock."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # kept within a transaction
            cursor.execute(
                "SELECT FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.rowcount:
                return
        time.sleep(0.01)
    raise TimeoutError


def test_submit_sees_a_blacklisting_made_while_it_waited():
    order = orders.draft(credit.account("100.00"))
    with ThreadPoolExecutor(1) as pool:
        with locked(order.account):
            submitted = pool.submit(at_once, submission(order))
            wait_for_lock()
            customers = type(order.customer).objects.filter(pk=order.customer_id)
            customers.update(status="blacklisted", status_reason="fraud")
        (result,) = submitted.result()
    assert result.state == OrderState.CREDIT_FAILED


def test_create_draft_does_not_wait_for_a_submission_on_the_account():
    account, line = credit.account("100.00"), orders.line()
    with transaction.atomic():
        CreditAccount.objects.locked().get(pk=account.pk)
        (made,) = at_once(lambda: orders.draft(account, lines=[line]))
    assert made.state == OrderState.DRAFT


def test_parts_shipped_at_once_are_never_more_than_the_order():
    order, by = orders.in_pieces(pieces="20"), superuser()
    pieces = orders.quantities(order, "3")
    results = at_once(*[lambda: orders.ship(order, by=by, quantities=pieces)] * CONNECTIONS)
    shipped = [result for result in results if isinstance(result, Order)]
    assert (len(shipped), order.lines.get().shipped) == (6, 18)
    assert balances(order.account) == {"reserved": "20.00", "delivered": "180.00"}


def test_parts_invoiced_at_once_are_never_more_than_the_order():
    order, by = orders.shipped("100.00"), superuser()
    results = at_once(*[lambda: orders.invoice(order, "30.00", by=by)] * CONNECTIONS)
    issued = [result for result in results if isinstance(result, Order)]
    assert (len(issued), Order.objects.get(pk=order.pk).to_invoice) == (3, 10)
    assert balances(order.account) == {"delivered": "10.00", "receivable": "90.00"}


def test_parts_returned_at_once_are_never_more_than_shipped():
    order, by = orders.partly_shipped(), superuser()
    results = at_once(*[lambda: orders.return_goods(order, "1", by=by)] * CONNECTIONS)
    returned = [result for result in results if isinstance(result, Order)]
    assert (len(returned), order.lines.get().returned) == (4, 4)
    assert balances(order.account) == {"reserved": "60.00"}
