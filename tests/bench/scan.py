"""A scan of a million open orders, beside the bare predicates written by hand."""

import time
from datetime import timedelta
from statistics import median

from django.db import connection

from exceptions.detect import scan
from exceptions.seed import ADDRESS_KEYWORD, MARGIN_LOW, PAID_UNSHIPPED
from rules.models import Word
from rules.seeds import RESTRICTED_ADDRESS
from tests.bench import world
from tests.bench.table import middle, show
from tests.factories.moments import NOW

ORDERS = 1_000_000

# One order in a thousand breaks each rule; another one in twenty is paid, but not long ago.
OPEN_ORDERS = """
INSERT INTO orders_order (
    state, version, source, external_id, history, customer_id, account_id, owner_id,
    currency, payment_days, ship_to_name, ship_to_phone, ship_to_address, note,
    net, tax, total, cost, paid_amount, created_at, submitted_at, approved_at, paid_at
)
SELECT 'approved', 1, 'form', '', false, a.customer_id, a.id, c.owner_id,
    'CNY', 30, '', '', CASE WHEN n %% 1000 = 3 THEN '北京路' || %(word)s ELSE '' END
        || '人民路 ' || n || ' 号, Building ' || n %% 97, '',
    100, 13, 113, CASE WHEN n %% 1000 = 2 THEN 97 ELSE 50 + n %% 40 END, 0,
    %(at)s - '9 days'::interval, %(at)s - '9 days'::interval, %(at)s - '9 days'::interval,
    CASE WHEN n %% 1000 = 1 THEN %(at)s - '2 days'::interval
        WHEN n %% 20 = 5 THEN %(at)s - '2 hours'::interval END
FROM generate_series(1, %(orders)s) AS n
JOIN credit_creditaccount a ON a.id = (%(accounts)s::bigint[])[1 + n %% %(number)s]
JOIN credit_customer c ON c.id = a.customer_id
"""

OPEN = "NOT history AND closed_at IS NULL AND submitted_at <= %(at)s"
BARE = {
    PAID_UNSHIPPED: f"SELECT count(*) FROM orders_order WHERE {OPEN}"
    " AND paid_at < %(at)s - '24 hours'::interval AND shipped_at IS NULL",
    MARGIN_LOW: f"SELECT count(*) FROM orders_order WHERE {OPEN}"
    " AND net > 0 AND (net - cost) * 100 < 5 * net",
    ADDRESS_KEYWORD: f"SELECT count(*) FROM orders_order WHERE {OPEN}"
    " AND ship_to_address ILIKE ANY(%(words)s)",
}


def run(rounds: int) -> None:
    """Measure and print."""
    _fill()
    words = Word.objects.filter(word_list__code=RESTRICTED_ADDRESS).values_list("text", flat=True)
    values = {"at": NOW, "words": [f"%{word}%" for word in words]}
    rows, at = [], NOW
    for code, bare in BARE.items():
        at += timedelta(minutes=1)
        first, found = _timed(scan.scan_rule, code, at)
        scans, floors = [], []
        for _ in range(rounds):
            at += timedelta(minutes=1)
            scans.append(_timed(scan.scan_rule, code, at)[0])
            floors.append(_timed(_ask, bare, values)[0])
        ratio = median(scans) / median(floors)
        rows.append(
            [code, found.matched, f"{first:,.0f}", middle(scans), middle(floors), f"{ratio:.2f}"]
        )
    show(
        f"One pass over {ORDERS:,} open orders, ms",
        ["rule", "hits", "opening tickets", "again", "bare SQL", "ratio"],
        rows,
    )


def _timed(call, *values):
    began = time.perf_counter()
    result = call(*values)
    return 1000 * (time.perf_counter() - began), result


def _ask(sql: str, values: dict[str, object]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def _fill() -> None:
    accounts = world.accounts(100)
    word = Word.objects.filter(word_list__code=RESTRICTED_ADDRESS).first()
    values = {"at": NOW, "orders": ORDERS, "accounts": accounts, "number": len(accounts)}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(OPEN_ORDERS, values | {"word": word.text})
        cursor.execute("SET session_replication_role = DEFAULT")
    world.tidy()
