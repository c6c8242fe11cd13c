"""`submit` per second, beside the least that any program could do in the same database."""

import os
import re
from collections import Counter
from collections.abc import Callable
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.lifecycle import submit
from staff.models import User
from tests.bench import world
from tests.bench.clients import Clients
from tests.bench.table import middle, show
from tests.factories.moments import NOW

ACCOUNTS = 10_000
# How many orders one client submits in a round, and how many times a round's number the floor does.
SHARE = {1: 250, 8: 80}
FLOOR_TIMES = 6

# One call from the client: lock the account, insert order, three lines and decision, move the
# balance. The balance moves through a ledger entry, for the database accepts no other way.
FLOOR = """
CREATE FUNCTION floor_order(account bigint, product bigint, at timestamptz) RETURNS bigint AS $$
DECLARE made bigint; held record;
BEGIN
    SELECT a.*, c.owner_id INTO held FROM credit_creditaccount a
        JOIN credit_customer c ON c.id = a.customer_id WHERE a.id = account FOR UPDATE OF a;
    IF held.reserved + held.delivered + held.receivable + 339 > held.limit_amount THEN
        RETURN NULL;
    END IF;
    INSERT INTO orders_order (
        state, version, source, external_id, history, customer_id, account_id, owner_id,
        currency, payment_days, ship_to_name, ship_to_phone, ship_to_address, note,
        net, tax, total, cost, paid_amount, created_at, submitted_at
    ) VALUES (
        'draft', 1, 'form', '', false, held.customer_id, account, held.owner_id,
        'CNY', 30, '', '', '', '', 300, 39, 339, 200, 0, at, at
    ) RETURNING id INTO made;
    INSERT INTO orders_orderline (
        order_id, position, product_id, quantity, price, discount_percent, tax_percent, net, tax
    ) SELECT made, position, product, 1, 100, 0, 13, 100, 13 FROM generate_series(1, 3) AS position;
    INSERT INTO orders_decision (
        order_id, order_version, kind, outcome, at, by_id, amount, currency, excess, checks
    ) VALUES (made, 1, 'submit', 'passed', at, held.owner_id, 339, 'CNY', 0, '[]');
    INSERT INTO credit_ledgerentry (
        account_id, at, movement, from_bucket, to_bucket, amount, order_id, document, by_id
    ) VALUES (account, at, 'reserve', '', 'reserved', 339, made, '', held.owner_id);
    RETURN made;
END $$ LANGUAGE plpgsql
"""


def submitting(user_id: int) -> Callable[[int], object]:
    """What a client calls per order. Rights are known before, as after a page was opened."""
    user = User.objects.get(pk=user_id)
    user.get_all_permissions()
    return lambda order_id: submit(order_id=order_id, by=user, at=NOW)


def calling_floor(product_id: int) -> Callable[[int], object]:
    """What a client of the floor calls per account: one statement, which commits by itself."""
    connection.ensure_connection()
    cursor = connection.cursor()
    return lambda account: cursor.execute(
        "SELECT floor_order(%s, %s, %s)", [account, product_id, NOW]
    )


def run(rounds: int) -> None:
    """Measure and print."""
    with connection.cursor() as cursor:
        cursor.execute(FLOOR)
    kinds = {
        "one hot account": world.accounts(1),
        f"{ACCOUNTS:,} accounts": world.accounts(ACCOUNTS),
    }
    rows = []
    for number in SHARE:
        with Clients(number) as clients:
            for name, ids in kinds.items():
                rows.append([name, number, *_measure(clients, ids, rounds)])
    show(
        f"Orders per second, medians of {rounds} rounds, {os.cpu_count()} processors",
        ["submit", "clients", "Ordergate", "raw SQL floor", "share of the floor"],
        rows,
    )
    round_trips()


def _measure(clients: Clients, account_ids: list[int], rounds: int) -> list[str]:
    user, product, number = world.seller().pk, world.product().pk, SHARE[clients.number]
    number *= clients.number
    warm = world.drafts(account_ids, clients.number * 5)
    clients.rate(submitting, (user,), warm)
    ours, floors = [], []
    for _ in range(rounds):
        made = world.drafts(account_ids, number)
        world.tidy()
        ours.append(clients.rate(submitting, (user,), made))
        times = -(-number * FLOOR_TIMES // len(account_ids))
        floors.append(clients.rate(calling_floor, (product,), (account_ids * times)[: number * 6]))
    share = median(ours) / median(floors)
    return [middle(ours), middle(floors), f"{share:.0%}"]


# What each statement of a submission is for, by how it begins.
PURPOSES = [
    (r"BEGIN", "begin"),
    (r"COMMIT", "commit"),
    (r"SELECT .*credit_policy", "facts: policy"),
    (r"SELECT .*credit_invoice", "facts: overdue invoices"),
    (r"SELECT .*credit_creditaccount.*FOR", "lock the account"),
    (r"SELECT .*orders_order\".*FOR", "lock the order"),
    (r"SELECT .*orders_orderline", "guard: has lines"),
    (r"SELECT .*account_id", "which account"),
    (r"UPDATE .*orders_order", "step of the state diagram"),
    (r"INSERT .*orders_decision", "decision"),
    (r"INSERT .*credit_ledgerentry", "ledger entry, moves the balance"),
    (r"INSERT .*journal_entry", "journal"),
]


def round_trips() -> None:
    """Print what one submission says to the database."""
    submitted = submitting(world.seller().pk)
    (order,) = world.drafts(world.accounts(1), 1)
    with CaptureQueriesContext(connection) as said:
        submitted(order)
    purposes = Counter(_purpose(query["sql"]) for query in said.captured_queries)
    show(
        f"One submission that passes: {purposes.total()} round trips",
        ["for", "round trips"],
        list(purposes.items()),
    )


def _purpose(sql: str) -> str:
    found = (purpose for pattern, purpose in PURPOSES if re.match(pattern, sql, re.DOTALL))
    return next(found, sql[:60])
