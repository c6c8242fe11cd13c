"""Customers, accounts and orders in bulk. Set Django up before importing this."""

import random
from decimal import Decimal
from itertools import count

from django.db import connection

from credit.content import default_content
from credit.enums import CheckSeverity
from credit.models import CreditAccount, Customer
from orders.models import Product
from staff.models import User
from tests.factories import credit, orders, policies
from tests.factories.moments import NOW
from tests.factories.staff import person

LIMIT = Decimal(10**12)
_number = count(1)

ORDERS = """
    WITH made AS (
        INSERT INTO orders_order (
            state, version, source, external_id, history, customer_id, account_id, owner_id,
            currency, payment_days, ship_to_name, ship_to_phone, ship_to_address, note,
            net, tax, total, cost, paid_amount, created_at
        )
        SELECT 'draft', 1, 'form', '', false, a.customer_id, a.id, c.owner_id,
            'CNY', 30, '', '', '1 Main Road', '', 300, 39, 339, 200, 0, %(at)s
        FROM generate_series(1, %(each)s), credit_creditaccount a
        JOIN credit_customer c ON c.id = a.customer_id
        WHERE a.id = ANY(%(accounts)s)
        RETURNING id
    ), lines AS (
        INSERT INTO orders_orderline (
            order_id, position, product_id, quantity, price, discount_percent, tax_percent, net, tax
        )
        SELECT made.id, position, %(product)s, 1, 100, 0, 13, 100, 13
        FROM made, generate_series(1, 3) AS position
    )
    SELECT id FROM made ORDER BY random()
"""


def accounts(number: int) -> list[int]:
    """Ids of new accounts with ample limits, all looked after by one salesperson."""
    return [account.pk for account in _accounts(number)]


def members(number: int) -> list[int]:
    """Ids of new accounts as `accounts` makes, each in a group within a group, with ample limits.

    Ten of them share a group, ten groups the one above: three levels in all.
    """
    tops = _accounts(-(-number // 100))
    groups = _accounts(-(-number // 10), tops)
    return [account.pk for account in _accounts(number, groups)]


def _accounts(number: int, parents: list[CreditAccount] | None = None) -> list[CreditAccount]:
    owner, segment = person("sales"), credit.segment()
    customers = Customer.objects.bulk_create(
        Customer(
            code=f"B{next(_number):06}", name="B", segment=segment, owner=owner, created_at=NOW
        )
        for _ in range(number)
    )
    made = [CreditAccount(customer=customer) for customer in customers]
    for place, account in enumerate(made if parents else []):
        parent = parents[place // 10]
        account.parent, account.ancestors = parent, [parent.pk, *parent.ancestors]
    CreditAccount.objects.bulk_create(made)
    credit.limits(made, LIMIT)
    return made


def product() -> Product:
    return Product.objects.first() or orders.product()


def seller() -> User:
    """Somebody who may submit every order."""
    return person("sales_manager")


def importer() -> User:
    """Somebody who may import orders for every customer."""
    return person("administrator", "sales_manager")


def codes(account_ids: list[int]) -> list[str]:
    """The codes of the accounts' customers."""
    customers = Customer.objects.filter(account__in=account_ids)
    return list(customers.order_by("code").values_list("code", flat=True))


def drafts(account_ids: list[int], number: int) -> list[int]:
    """Ids of so many new drafts with three lines each, over the accounts in random order."""
    each = -(-number // len(account_ids))
    chosen = random.sample(account_ids, min(number, len(account_ids)))
    values = {"accounts": chosen, "each": each, "at": NOW, "product": product().pk}
    with connection.cursor() as cursor:
        cursor.execute(ORDERS, values)
        return [pk for (pk,) in cursor.fetchall()][:number]


def tidy() -> None:
    """What autovacuum would do sooner or later, done now, so that it disturbs no measurement."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def rules() -> list[dict]:
    """Five gate rules that look at what the customer ordered before, and stop no order."""

    def fact(name: str, op: str, value: object) -> dict:
        return {"fact": f"order.{name}", "op": op, "value": value}

    much, very_much = ({"amount": amount, "currency": "CNY"} for amount in ("50000", "999999999"))
    return [
        policies.rule("size", fact("times_median", "more_than", "10")),
        # A hot account reaches even the largest number; it only warns, so that orders still pass.
        policies.rule("often", fact("count_1h", "more_than", "1000"), severity="warn"),
        policies.rule("much", fact("amount_24h", "more_than", very_much)),
        policies.rule(
            "place",
            {"all": [fact("new_ship_to", "is", True), fact("total", "more_than", much)]},
        ),
        policies.rule(
            "stranger",
            {"all": [fact("first_order", "is", True), fact("total", "more_than", much)]},
            severity="warn",
        ),
    ]


def standard_policy() -> None:
    """Put into force what an installation starts with."""
    policies.publish(default_content())


def full_policy() -> None:
    """Put into force every check there is, and five gate rules."""
    content = default_content() | {"rules": rules()}
    for row in content["checks"]:
        if row["severity"] != CheckSeverity.BLOCK:
            row["severity"] = CheckSeverity.WARN
    policies.publish(content)
