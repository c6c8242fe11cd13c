"""The queries that find money without a bank reference that looks recorded already.

That is: a payment of the same order and amount, on the same company day where the row tells when;
a receipt of the same customer, amount and day. As many rows count as such as are recorded, so that
two equal ones in a file are two; payments of the very same moment first.
"""

# ruff: noqa: S608 - put together from constants

_REPEATED = """
    WITH paid AS (
        SELECT r.id, r.order_id, (r.data->>'amount')::numeric AS amount, at,
            (at AT TIME ZONE %(zone)s)::date AS day
        FROM import_row r, LATERAL (SELECT (r.data->>'paid_at')::timestamptz AS at) told
        WHERE r.kind = 'payments' AND r.order_id IS NOT NULL AND NOT r.bad
            AND NOT r.data ? 'reference'
    ), payments AS (
        SELECT paid.id, recorded, row_number() OVER (
            PARTITION BY order_id, amount, day ORDER BY same_moment DESC, id) AS nth
        FROM paid, LATERAL (
            SELECT count(*) AS recorded, coalesce(bool_or(p.at = paid.at), false) AS same_moment
            FROM orders_payment p
            WHERE p.order_id = paid.order_id AND p.amount = paid.amount AND p.reference = ''
                AND (paid.day IS NULL OR (p.at AT TIME ZONE %(zone)s)::date = paid.day)) there
    ), received AS (
        SELECT r.id, a.id AS account_id, (r.data->>'amount')::numeric AS amount,
            (r.data->>'received_on')::date AS day
        FROM import_row r JOIN credit_customer c ON c.code = r.parent
        JOIN credit_creditaccount a ON a.customer_id = c.id
        WHERE r.kind = 'receipts' AND NOT r.bad AND NOT r.data ? 'reference'
    ), receipts AS (
        SELECT received.id, recorded,
            row_number() OVER (PARTITION BY account_id, amount, day ORDER BY id) AS nth
        FROM received, LATERAL (
            SELECT count(*) AS recorded FROM credit_receipt p
            WHERE p.account_id = received.account_id AND p.amount = received.amount
                AND p.received_on = received.day AND p.reference = '' AND p.order_id IS NULL) there
    ), repeated AS (
        SELECT id FROM payments WHERE nth <= recorded
        UNION ALL SELECT id FROM receipts WHERE nth <= recorded
    )
"""
_TOLD = "coalesce(r.data->>'order', r.parent), r.data->>'amount'"
# Whether they are recorded once more is for whoever imports to say.
SKIP = f"""{_REPEATED}
    UPDATE import_row r SET known = true FROM repeated WHERE r.id = repeated.id RETURNING {_TOLD}
"""
TELL = f"""{_REPEATED}
    SELECT {_TOLD} FROM import_row r JOIN repeated ON r.id = repeated.id ORDER BY r.id
"""
