"""What a submission costs when the customer has bought ten times before, or a hundred thousand.

The longest history is a million ledger entries, ten of each order.
"""

import random
import time
from collections.abc import Callable
from statistics import median

from django.db import connection

from credit.models import CreditAccount
from orders import gate
from orders.lifecycle import submit
from orders.models import Order
from tests.bench import world
from tests.bench.submitting import POLICIES
from tests.bench.table import show
from tests.factories.moments import NOW

PASTS = (10, 1_000, 100_000)
ENTRIES = 10
# Of each account and round.
SUBMISSIONS = 60

# A completed order with its line, decision, ledger, paid invoice and journal; behind the triggers'
# back, because a past takes no steps. The balances are set to what the ledger says.
PAST = """
CREATE TEMPORARY TABLE past AS
    WITH made AS (
        INSERT INTO orders_order (
            state, version, source, external_id, history, customer_id, account_id, owner_id,
            currency, payment_days, ship_to_name, ship_to_phone, ship_to_address, note,
            net, tax, total, cost, paid_amount, invoiced_amount, released_total,
            created_at, submitted_at, approved_at, paid_at, shipped_at, delivered_at, invoiced_at,
            closed_at
        )
        SELECT 'completed', 1, 'form', '', false, a.customer_id, a.id, c.owner_id,
            'CNY', 30, '', '', n || ' Main Road', '', 100, 13, 113, 60, 113, 113, 113,
            t, t, t, t, t, t, t, t
        FROM credit_creditaccount a JOIN credit_customer c ON c.id = a.customer_id,
            generate_series(1, %(past)s) AS n, LATERAL (SELECT %(at)s - n * '1 min'::interval) d(t)
        WHERE a.id = %(account)s
        RETURNING id, number, account_id, owner_id, created_at
    )
    SELECT * FROM made;
INSERT INTO orders_orderline (
    order_id, position, product_id, quantity, price, discount_percent, tax_percent, net, tax
) SELECT id, 1, %(product)s, 1, 100, 0, 13, 100, 13 FROM past;
INSERT INTO orders_decision (
    order_id, order_version, kind, outcome, at, by_id, amount, currency, excess, checks
) SELECT id, 1, 'submit', 'passed', created_at, owner_id, 113, 'CNY', 0, '[]' FROM past;
INSERT INTO credit_ledgerentry (
    account_id, at, movement, from_bucket, to_bucket, amount, order_id, document, by_id
) SELECT account_id, created_at, movement, from_bucket, to_bucket, amount, id, number, owner_id
FROM past, (
    SELECT 'reserve' AS movement, '' AS from_bucket, 'reserved' AS to_bucket, 113 AS amount
    UNION ALL SELECT movement, from_bucket, to_bucket, amount
    FROM (VALUES ('ship', 'reserved', 'delivered'), ('invoice', 'delivered', 'receivable'),
        ('pay', 'receivable', 'paid')) AS moves (movement, from_bucket, to_bucket),
        (VALUES (40), (40), (33)) AS parts (amount)
) moves;
INSERT INTO credit_invoice (
    account_id, number, order_id, amount, open_amount, disputed_amount, issued_on, due_on,
    settled_on, external_id, history, source
) SELECT account_id, 'I' || number, id, 113, 0, 0, created_at::date, created_at::date,
    created_at::date, '', false, 'order'
FROM past;
INSERT INTO journal_entry (
    at, by_id, action, subject_type, subject_id, order_id, from_state, to_state, reason, data
) SELECT created_at, owner_id, 'order.completed', 'orders.order', id, id, '', '', '', '{}'
FROM past;
UPDATE credit_creditaccount SET paid = 113 * %(past)s WHERE id = %(account)s;
DROP TABLE past
"""


def run(rounds: int) -> None:
    """Measure and print."""
    accounts = dict(zip(PASTS, world.members(len(PASTS)), strict=True))
    for past, account in accounts.items():
        give_past(account, past)
    world.tidy()
    assert not CreditAccount.objects.differing_from_ledger().exists()
    number, rows = SUBMISSIONS * rounds, []
    work = {p: _check(a) for p, a in accounts.items()}
    taken = {"check alone": _in_turns(work, number)}
    for policy, put_into_force in POLICIES.items():
        put_into_force()
        work = {p: _submission(a, number) for p, a in accounts.items()}
        taken[f"submit, {policy}"] = _in_turns(work, number)
    world.standard_policy()
    for name, times in taken.items():
        ratio = median(times[PASTS[-1]]) / median(times[PASTS[0]])
        rows.append([name, *(f"{median(times[past]):.2f}" for past in PASTS), f"{ratio:.2f}"])
    show(
        f"Cost by the number of ledger entries of the same account, ms, medians of {number}",
        ["", *(f"{past * ENTRIES:,}" for past in PASTS), "last / first"],
        rows,
    )


def _in_turns(work: dict[int, Callable[[], object]], number: int) -> dict[int, list[float]]:
    """Milliseconds of each call. Whatever else the machine does meets all of them alike."""
    times: dict[int, list[float]] = {past: [] for past in work}
    for _ in range(number):
        for past in random.sample(list(work), len(work)):
            began = time.perf_counter()
            work[past]()
            times[past].append(1000 * (time.perf_counter() - began))
    return times


def give_past(account: int, past: int) -> None:
    """So many completed orders of the account, a minute apart, with all that belongs to them."""
    values = {"account": account, "past": past, "at": NOW, "product": world.product().pk}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(PAST, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def _submission(account: int, number: int) -> Callable[[], object]:
    made, user = iter(world.drafts([account], number)), world.seller()
    user.get_all_permissions()
    return lambda: submit(order_id=next(made), by=user, at=NOW)


def _check(account_id: int) -> Callable[[], object]:
    (order_id,) = world.drafts([account_id], 1)
    order = Order.objects.select_related("account").get(pk=order_id)
    prepared = gate.prepare(order_id, NOW)
    return lambda: gate.check(prepared, order.account, order, NOW)
