"""Customers, accounts and orders in bulk. Set Django up before importing this."""

from decimal import Decimal
from itertools import count

from django.db import connection

from credit.models import CreditAccount, Customer
from orders.models import Product
from staff.models import User
from tests.factories import credit, orders
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
            'CNY', 30, '', '', '', '', 300, 39, 339, 200, 0, %(at)s
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
    owner, segment = person("sales"), credit.segment()
    customers = Customer.objects.bulk_create(
        Customer(
            code=f"B{next(_number):06}", name="B", segment=segment, owner=owner, created_at=NOW
        )
        for _ in range(number)
    )
    made = CreditAccount.objects.bulk_create(
        CreditAccount(customer=customer) for customer in customers
    )
    credit.limits(made, LIMIT)
    return [account.pk for account in made]


def product() -> Product:
    return Product.objects.first() or orders.product()


def seller() -> User:
    """Somebody who may submit every order."""
    return person("sales_manager")


def drafts(account_ids: list[int], number: int) -> list[int]:
    """Ids of so many new drafts with three lines each, over all the accounts, in random order."""
    each = -(-number // len(account_ids))
    values = {"accounts": account_ids, "each": each, "at": NOW, "product": product().pk}
    with connection.cursor() as cursor:
        cursor.execute(ORDERS, values)
        return [pk for (pk,) in cursor.fetchall()][:number]


def tidy() -> None:
    """What autovacuum would do sooner or later, done now, so that it disturbs no measurement."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
