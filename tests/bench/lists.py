"""What lists, searches and the page of an order cost with ten thousand orders, and with a million.

Each request goes through Django's test client: address, rights, queries, template. The two books
are in two databases and asked in turns, so that whatever else the machine does meets both alike.
"""

import random
import time
from collections.abc import Callable
from itertools import product
from statistics import median, quantiles
from typing import Any

from django.db import connection, connections
from django.test import Client

from orders.models import Order
from tests.bench import scratch, world
from tests.bench.table import show
from tests.factories.moments import NOW
from tests.factories.staff import person

SIZES = (10_000, 1_000_000)
CUSTOMERS = 1_000
PRODUCTS = 100_000
ROUNDS = 50

# Addresses of 200 streets in 40 districts; one in a thousand lies in a street of its own.
BOOK = """
INSERT INTO orders_order (
    state, version, source, external_id, history, customer_id, account_id, owner_id, currency,
    payment_days, ship_to_name, ship_to_phone, ship_to_address, note, net, tax, total, cost,
    paid_amount, invoiced_amount, released_total, created_at, submitted_at, approved_at, paid_at,
    shipped_at, delivered_at, invoiced_at, closed_at
)
SELECT CASE n %% 50 WHEN 0 THEN 'approved' WHEN 1 THEN 'credit_failed' ELSE 'completed' END,
    1, 'form', '', false, a.customer_id, a.id, c.owner_id, 'CNY', 30,
    '收货人' || n %% 977, '1380000' || n, '上海市' || n %% 40 || '区' || CASE WHEN n %% 1000 = 7
        THEN '罕见巷' || n ELSE '人民路' || n %% 200 END || '号', '', 100, 13, 113, 60,
    113, 113, 113, t, t, t, t, t, t, t, CASE WHEN n %% 50 > 1 THEN t END
FROM generate_series(%(first)s, %(last)s) AS n
JOIN credit_creditaccount a ON a.id = (%(accounts)s::bigint[])[1 + n %% %(customers)s]
JOIN credit_customer c ON c.id = a.customer_id,
LATERAL (SELECT %(at)s - (%(most)s - n) * '1 min'::interval) AS d (t)
"""
LINES = """
INSERT INTO orders_orderline (
    order_id, position, product_id, quantity, price, discount_percent, tax_percent, net, tax
)
SELECT id, 1, %(product)s, 1, 100, 0, 13, 100, 13 FROM orders_order o
WHERE NOT EXISTS (SELECT FROM orders_orderline WHERE order_id = o.id);
INSERT INTO orders_searchtext (order_id, external_id, ship_to)
SELECT id, external_id, upper(ship_to_name || ' ' || ship_to_phone || ' ' || ship_to_address)
FROM orders_order o WHERE NOT EXISTS (SELECT FROM orders_searchtext WHERE order_id = o.id);
"""
GOODS = """
WITH made AS (
    INSERT INTO orders_product (sku, name, category, tax_percent, active)
    SELECT 'P-' || n, (ARRAY['不锈钢','镀锌','无缝','焊接'])[1 + n %% 4] || '钢管 DN' || n %% 300,
        'pipes', 13, true
    FROM generate_series(1, %(products)s) AS n RETURNING id
)
INSERT INTO orders_productprice (product_id, currency, price, cost)
SELECT id, 'CNY', 100, 60 FROM made
"""

PAGES: dict[str, Callable[[int], str]] = {
    "order list": lambda size: "/orders/",
    "list, one state": lambda size: "/orders/?view=all&state=credit_failed",
    "list, a later page": lambda size: _later(size),
    "search, no hit": lambda size: "/orders/?q=魟魚巷",
    "search, few hits": lambda size: (
        f"/orders/?q=罕见巷{random.randrange(size // 1000) * 1000 + 7}"
    ),
    "search, many hits": lambda size: "/orders/?q=人民路",
    "search, a phone": lambda size: f"/orders/?q=1380000{random.randrange(1, size)}",
    "search everywhere": lambda size: "/search/?q=罕见巷",
    "hold list": lambda size: "/holds/",
    "page of an order": lambda size: f"/orders/{random.choice(_some())}/",
    "products, two words": lambda size: f"/products/?q=DN{random.randrange(300)}+钢管",
}


def run(rounds: int) -> None:
    """Measure and print."""
    accounts = world.accounts(CUSTOMERS)
    _execute(GOODS, {"products": PRODUCTS})
    client, small = _client(), connections["default"]
    _lay(accounts, 1, SIZES[0])
    with scratch.copied() as large:
        books = dict(zip(SIZES, (small, large), strict=True))
        try:
            connections["default"] = large
            _lay(accounts, SIZES[0] + 1, SIZES[1])
            taken = _measure(client, books, ROUNDS * rounds)
        finally:
            connections["default"] = small
    rows = [_row(name, [taken[size][name] for size in SIZES]) for name in PAGES]
    show(
        f"Pages by the number of orders, ms of the whole request, {ROUNDS * rounds} of each",
        [
            "",
            *(f"{size:,}: median" for size in SIZES),
            *(f"{s:,}: p95" for s in SIZES),
            "p95 ratio",
        ],
        rows,
    )


def _lay(accounts: list[int], first: int, last: int) -> None:
    """Orders of these numbers, with all that belongs to them, and figures for the planner."""
    values = {"accounts": accounts, "customers": CUSTOMERS, "at": NOW, "most": SIZES[-1]}
    _execute(BOOK, values | {"first": first, "last": last})
    _execute(LINES, {"product": world.product().pk})
    world.tidy()


def _row(name: str, times: list[list[float]]) -> list[str]:
    middles = [f"{median(each):.1f}" for each in times]
    late = [quantiles(each, n=20)[-1] for each in times]
    return [name, *middles, *(f"{each:.1f}" for each in late), f"{late[-1] / late[0]:.2f}"]


def _measure(
    client: Client, books: dict[int, Any], number: int
) -> dict[int, dict[str, list[float]]]:
    times: dict[int, dict[str, list[float]]] = {
        size: {name: [] for name in PAGES} for size in SIZES
    }
    asked = list(product(PAGES, SIZES))
    for turn in range(number + 2):
        for name, size in random.sample(asked, len(asked)):
            connections["default"] = books[size]
            url = PAGES[name](size)
            began = time.perf_counter()
            answer = client.get(url)
            spent = 1000 * (time.perf_counter() - began)
            assert answer.status_code == 200, f"{url}: {answer.status_code}"
            if turn > 1:
                times[size][name].append(spent)
    return times


def _client() -> Client:
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain
    client = Client()
    user = person("sales_manager", "credit_analyst")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def _some() -> list[int]:
    """Orders from all over the book."""
    first, last = Order.objects.earliest("pk").pk, Order.objects.latest("pk").pk
    return [random.randint(first, last)]


def _later(size: int) -> str:
    """The page that begins behind an order from all over the book."""
    import base64
    import json

    order = Order.objects.get(pk=_some()[0])
    cursor = base64.urlsafe_b64encode(json.dumps([str(order.created_at), order.pk]).encode())
    return f"/orders/?after={cursor.decode().rstrip('=')}"


def _execute(statement: str, values: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")
