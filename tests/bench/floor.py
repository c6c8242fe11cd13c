"""The least that any program could do to take an order in the same database.

One call from the client, which commits by itself: lock the account and its groups in id order,
compare with their limits, insert order, three lines, decision, ledger entry and journal entry. The
balances move through the ledger entry, for the database accepts no other way.
"""

from collections.abc import Callable

from django.db import connection

from tests.factories.moments import NOW

_FLOOR = """
CREATE FUNCTION floor_order(account bigint, product bigint, at timestamptz) RETURNS bigint AS $$
DECLARE made bigint; owner bigint; held record; buyer record;
BEGIN
    SELECT a.*, c.owner_id INTO buyer FROM credit_creditaccount a
        JOIN credit_customer c ON c.id = a.customer_id WHERE a.id = account;
    FOR held IN SELECT * FROM credit_creditaccount WHERE id = ANY(buyer.ancestors || account)
        ORDER BY id FOR NO KEY UPDATE
    LOOP
        IF held.reserved + held.delivered + held.receivable + 339 + coalesce((
            SELECT sum(u.used) FROM credit_groupexposure u WHERE u.account_id = held.id
        ), 0) > (
            SELECT l.amount FROM credit_creditlimit l
            WHERE l.account_id = held.id AND l.type = 'base' AND l.ended_at IS NULL
                AND l.valid_from <= at::date
            ORDER BY l.valid_from DESC, l.id DESC LIMIT 1
        ) THEN
            RETURN NULL;
        END IF;
    END LOOP;
    INSERT INTO orders_order (
        state, version, source, external_id, history, customer_id, account_id, owner_id,
        currency, payment_days, ship_to_name, ship_to_phone, ship_to_address, note,
        net, tax, total, cost, paid_amount, created_at, submitted_at
    ) VALUES (
        'draft', 1, 'form', '', false, buyer.customer_id, account, buyer.owner_id,
        'CNY', 30, '', '', '', '', 300, 39, 339, 200, 0, at, at
    ) RETURNING id INTO made;
    INSERT INTO orders_orderline (
        order_id, position, product_id, quantity, price, discount_percent, tax_percent, net, tax
    ) SELECT made, position, product, 1, 100, 0, 13, 100, 13 FROM generate_series(1, 3) AS position;
    INSERT INTO orders_decision (
        order_id, order_version, kind, outcome, at, by_id, amount, currency, excess, checks
    ) VALUES (made, 1, 'submit', 'passed', at, buyer.owner_id, 339, 'CNY', 0, '[]');
    INSERT INTO credit_ledgerentry (
        account_id, at, movement, from_bucket, to_bucket, amount, order_id, document, by_id
    ) VALUES (account, at, 'reserve', '', 'reserved', 339, made, '', buyer.owner_id);
    INSERT INTO journal_entry (
        at, by_id, action, subject_type, subject_id, order_id, from_state, to_state, reason, data
    ) VALUES (at, buyer.owner_id, 'order.approved', 'orders.order', made, made, '', '', '', '{}');
    RETURN made;
END $$ LANGUAGE plpgsql
"""


def lay() -> None:
    """Make the function."""
    with connection.cursor() as cursor:
        cursor.execute(_FLOOR)


def calling(product_id: int) -> Callable[[int], object]:
    """What a client of the floor calls per account."""
    connection.ensure_connection()
    cursor = connection.cursor()
    return lambda account: cursor.execute(
        "SELECT floor_order(%s, %s, %s)", [account, product_id, NOW]
    )
