"""The queries that compare the rows of an import. They write to `import_row` only."""

# ruff: noqa: S608 - put together from constants

from orders.imports.receipt_queries import RECEIPT_CHECKS

# What the import itself adds where the files do not: the customer of all orders, the products that
# stand for goods and freight of which the source does not say more.
ADD_MISSING = """
    INSERT INTO import_row (kind, file, line, key, parent, product, data, bad)
    SELECT %(kind)s, 0, 0, %(key)s, '', '',
        jsonb_build_object('name', %(name)s::text, 'tax_percent', '0'), false
    WHERE NOT EXISTS (SELECT FROM import_row WHERE kind = %(kind)s AND key = %(key)s)
"""
NEEDS = {
    "customer": "SELECT EXISTS (SELECT FROM import_row WHERE kind = 'orders' AND parent = %(key)s)",
    "freight": "SELECT EXISTS (SELECT FROM import_row WHERE (data->>'freight')::numeric > 0)",
    "goods": """SELECT EXISTS (SELECT FROM import_row WHERE kind = 'orders'
        AND (data->>'total')::numeric > 0)""",
}
# Customers that invoices name and nobody knows, where the import is to make them.
NEW_PAYERS = """
    INSERT INTO import_row (kind, file, line, key, parent, product, currency, data, bad)
    SELECT DISTINCT ON (r.parent) 'customers', 0, 0, r.parent, '', '', r.currency,
        jsonb_build_object('name', r.parent, 'country', coalesce(r.data->>'country', '')), false
    FROM import_row r
    WHERE r.kind = 'invoices' AND r.parent <> '' AND NOT r.bad
        AND NOT EXISTS (SELECT FROM import_row c WHERE c.kind = 'customers' AND c.key = r.parent)
        AND NOT EXISTS (SELECT FROM credit_customer c WHERE c.code = r.parent)
    ORDER BY r.parent, r.id
"""
# Payments and shipments that come without their orders belong to orders that are there: by our own
# number, or by that of the source it was imported from.
EXISTING = """
    UPDATE import_row r SET order_id = o.id
        FROM orders_order o JOIN credit_customer c ON c.id = o.customer_id
        WHERE r.kind IN ('payments', 'shipments') AND r.parent <> ''
            AND o.id = coalesce(
                (SELECT id FROM orders_order WHERE number = r.data->>'order'),
                (SELECT id FROM orders_order WHERE source = 'import' AND external_id = r.parent))
            AND (%(sees_all)s OR %(user)s IN (o.owner_id, c.owner_id))
            AND NOT EXISTS (SELECT FROM import_row WHERE kind = 'orders')
"""
KNOWN = """
    UPDATE import_row r SET known = true FROM credit_customer c
        WHERE r.kind = 'customers' AND c.code = r.key;
    UPDATE import_row r SET known = true FROM orders_product p
        WHERE r.kind = 'products' AND p.sku = r.key;
    UPDATE import_row r SET known = true FROM orders_order o
        WHERE r.kind = 'orders' AND o.source = 'import' AND o.external_id = r.key AND r.key <> '';
    UPDATE import_row r SET known = true FROM credit_invoice i
        WHERE r.kind = 'invoices' AND i.number = r.key;
    UPDATE import_row r SET known = true FROM orders_payment p
        WHERE r.kind = 'payments' AND p.order_id = r.order_id
        AND p.reference <> '' AND p.reference = r.data->>'reference';
    UPDATE import_row r SET known = true
        FROM credit_customer c JOIN credit_creditaccount a ON a.customer_id = c.id
        JOIN credit_receipt p ON p.account_id = a.id AND p.order_id IS NULL
        WHERE r.kind = 'receipts' AND c.code = r.parent AND p.reference <> ''
        AND p.reference = r.data->>'reference' AND p.amount = (r.data->>'amount')::numeric;
    UPDATE import_row r SET known = true FROM orders_order o
        WHERE r.kind = 'shipments' AND o.id = r.order_id AND o.shipped_at IS NOT NULL
        AND (o.delivered_at IS NOT NULL OR NOT r.data ? 'delivered_at');
    UPDATE import_row r SET known = true
        FROM orders_stock s JOIN orders_product p ON p.id = s.product_id
        JOIN orders_warehouse w ON w.id = s.warehouse_id
        WHERE r.kind = 'stock' AND p.sku = r.product AND w.code = r.parent
        AND s.synced_at >= (r.data->>'counted_at')::timestamptz;
    UPDATE import_row r SET known = true
        FROM credit_customer c JOIN credit_creditaccount a ON a.customer_id = c.id
        JOIN credit_creditlimit l ON l.account_id = a.id AND l.ended_at IS NULL
        WHERE r.kind = 'limits' AND c.code = r.parent AND l.type = r.data->>'type'
        AND l.kind = r.data->>'kind' AND l.amount IS NOT DISTINCT FROM (r.data->>'amount')::numeric
        AND (NOT r.data ? 'valid_from' OR l.valid_from = (r.data->>'valid_from')::date)
        AND l.valid_until IS NOT DISTINCT FROM (r.data->>'valid_until')::date;
    UPDATE import_row r SET known = true FROM import_row o
        WHERE r.kind IN ('lines', 'payments', 'shipments')
        AND o.kind = 'orders' AND o.key = r.parent AND o.known
"""
# An order's currency: its own, the chosen one, that of the customer's account, that of the
# customer's row. A new account's: that of its row, the chosen one, that of its first order.
CURRENCIES = """
    UPDATE import_row SET currency = %(currency)s
        WHERE currency IS NULL AND %(currency)s <> ''
            AND kind IN ('orders', 'invoices', 'customers', 'receipts');
    UPDATE import_row r SET currency = a.currency
        FROM credit_customer c JOIN credit_creditaccount a ON a.customer_id = c.id
        WHERE r.kind IN ('orders', 'invoices') AND r.currency IS NULL AND c.code = r.parent;
    UPDATE import_row r SET currency = c.currency FROM import_row c
        WHERE r.kind IN ('orders', 'invoices') AND r.currency IS NULL
            AND c.kind = 'customers' AND c.key = r.parent;
    UPDATE import_row c SET currency =
        (SELECT o.currency FROM import_row o
            WHERE o.kind IN ('orders', 'invoices') AND o.parent = c.key ORDER BY o.id LIMIT 1)
        WHERE c.kind = 'customers' AND c.currency IS NULL
"""
_ROW = "SELECT r.file, r.line"
_NEW = "NOT r.known AND NOT r.bad"
# The account that a row counts on, and the currency it is or will be kept in.
_ACCOUNT = """LEFT JOIN credit_customer c ON c.code = r.parent
        LEFT JOIN credit_creditaccount a ON a.customer_id = c.id
        LEFT JOIN import_row n ON n.kind = 'customers' AND n.key = r.parent AND NOT n.known"""
_KEPT_IN = "coalesce(a.currency, n.currency)"

# code -> (field the problem is about, query). Every query gives file, line, value, figures.
CHECKS: dict[str, tuple[str, str]] = {
    "duplicate": (
        "",
        """SELECT file, line, key AS value,
            jsonb_build_object('first', first_line, 'first_file', first_file) AS figures
        FROM (SELECT *, first_value(line) OVER same AS first_line,
                first_value(file) OVER same AS first_file, row_number() OVER same AS nth
            FROM import_row
            WHERE kind IN ('customers', 'products', 'stock', 'orders', 'invoices')
                AND key <> '' AND file > 0
            WINDOW same AS (PARTITION BY kind, key ORDER BY file, line)) r
        WHERE nth > 1 ORDER BY file, line""",
    ),
    "second_shipment": (
        "order",
        """SELECT file, line, parent AS value,
            jsonb_build_object('first', first_line, 'first_file', first_file) AS figures
        FROM (SELECT *, first_value(line) OVER same AS first_line,
                first_value(file) OVER same AS first_file, row_number() OVER same AS nth
            FROM import_row WHERE kind = 'shipments' AND parent <> '' AND product = ''
            WINDOW same AS (PARTITION BY parent ORDER BY file, line)) r
        WHERE nth > 1 ORDER BY file, line""",
    ),
    "second_reference": (
        "reference",
        """SELECT file, line, data->>'reference' AS value,
            jsonb_build_object('first', first_line) AS figures
        FROM (SELECT *, first_value(line) OVER same AS first_line, row_number() OVER same AS nth
            FROM import_row WHERE kind IN ('payments', 'receipts') AND data ? 'reference'
            WINDOW same AS (PARTITION BY kind, parent, data->>'reference' ORDER BY file, line)) r
        WHERE nth > 1 ORDER BY file, line""",
    ),
    "unknown_customer": (
        "customer",
        f"""{_ROW}, r.parent AS value, '{{}}'::jsonb AS figures FROM import_row r
        WHERE r.kind IN ('orders', 'invoices', 'limits', 'receipts') AND r.parent <> ''
            AND NOT EXISTS (
                SELECT FROM import_row c WHERE c.kind = 'customers' AND c.key = r.parent)
            AND NOT EXISTS (SELECT FROM credit_customer c WHERE c.code = r.parent)
        ORDER BY r.id""",
    ),
    "others_customer": (
        "customer",
        f"""{_ROW}, r.parent AS value, '{{}}'::jsonb AS figures
        FROM import_row r JOIN credit_customer c ON c.code = r.parent
        WHERE r.kind IN ('orders', 'invoices', 'limits', 'receipts') AND {_NEW}
            AND NOT %(sees_all)s AND c.owner_id <> %(user)s
        ORDER BY r.id""",
    ),
    "no_account": (
        "customer",
        f"""{_ROW}, r.parent AS value, '{{}}'::jsonb AS figures
        FROM import_row r JOIN credit_customer c ON c.code = r.parent
        WHERE r.kind IN ('orders', 'invoices', 'limits', 'receipts') AND {_NEW}
            AND NOT EXISTS (SELECT FROM credit_creditaccount a WHERE a.customer_id = c.id)
        ORDER BY r.id""",
    ),
    "no_currency": (
        "",
        f"""{_ROW}, '' AS value, '{{}}'::jsonb AS figures FROM import_row r
        WHERE r.kind IN ('orders', 'invoices') AND {_NEW} AND r.currency IS NULL AND r.parent <> ''
            AND NOT EXISTS (SELECT FROM credit_customer c WHERE c.code = r.parent
                AND NOT EXISTS (SELECT FROM credit_creditaccount a WHERE a.customer_id = c.id))
        ORDER BY r.id""",
    ),
    "account_currency": (
        "currency",
        f"""{_ROW}, coalesce(r.currency, '') AS value,
            jsonb_build_object('currency', r.currency, 'account', {_KEPT_IN}) AS figures
        FROM import_row r {_ACCOUNT}
        WHERE r.kind IN ('invoices', 'limits', 'receipts') AND {_NEW} AND r.currency <> {_KEPT_IN}
        ORDER BY r.id""",
    ),
    "no_rate": (
        "currency",
        f"""{_ROW}, r.currency AS value,
            jsonb_build_object('currency', r.currency, 'account', {_KEPT_IN}, 'day', day) AS figures
        FROM import_row r {_ACCOUNT}, LATERAL (
            SELECT (CASE WHEN %(history)s THEN (r.data->>'submitted_at')::timestamptz
                ELSE %(at)s END AT TIME ZONE %(zone)s)::date AS day) its
        WHERE r.kind = 'orders' AND {_NEW} AND r.currency <> {_KEPT_IN}
            AND NOT EXISTS (SELECT FROM credit_exchangerate x WHERE x.valid_on <= day
                AND (x.source = r.currency AND x.target = {_KEPT_IN}
                    OR x.target = r.currency AND x.source = {_KEPT_IN}))
        ORDER BY r.id""",
    ),
    "order_currency": (
        "currency",
        f"""{_ROW}, r.currency AS value,
            jsonb_build_object('currency', r.currency, 'order', o.currency) AS figures
        FROM import_row r JOIN import_row o ON o.kind = 'orders' AND o.key = r.parent
        WHERE r.kind IN ('lines', 'payments') AND {_NEW} AND r.currency <> o.currency
        UNION ALL {_ROW}, r.currency AS value,
            jsonb_build_object('currency', r.currency, 'order', o.currency) AS figures
        FROM import_row r JOIN orders_order o ON o.id = r.order_id
        WHERE {_NEW} AND r.currency <> o.currency""",
    ),
    "unknown_product": (
        "product",
        f"""{_ROW}, r.product AS value, '{{}}'::jsonb AS figures FROM import_row r
        WHERE r.kind IN ('lines', 'stock', 'shipments') AND r.product <> '' AND {_NEW}
            AND NOT EXISTS (
                SELECT FROM import_row p WHERE p.kind = 'products' AND p.key = r.product)
            AND NOT EXISTS (SELECT FROM orders_product p WHERE p.sku = r.product)
        ORDER BY r.id""",
    ),
    "unknown_warehouse": (
        "warehouse",
        f"""{_ROW}, r.parent AS value, '{{}}'::jsonb AS figures FROM import_row r
        WHERE r.kind = 'stock' AND {_NEW}
            AND NOT EXISTS (SELECT FROM orders_warehouse w WHERE w.code = r.parent)
        ORDER BY r.id""",
    ),
    "unknown_order": (
        "order",
        f"""{_ROW}, coalesce(r.data->>'order', '') AS value, '{{}}'::jsonb AS figures
        FROM import_row r
        WHERE r.kind IN ('lines', 'payments', 'shipments') AND r.parent <> ''
            AND r.order_id IS NULL
            AND NOT EXISTS (SELECT FROM import_row o WHERE o.kind = 'orders' AND o.key = r.parent)
        ORDER BY r.id""",
    ),
    "shipment_lines": (
        "product",
        f"""{_ROW}, r.product AS value, '{{}}'::jsonb AS figures FROM import_row r
        WHERE r.kind = 'shipments' AND r.product <> '' AND {_NEW}
            AND EXISTS (SELECT FROM import_row WHERE kind = 'orders')
        ORDER BY r.id""",
    ),
    "taken": (
        "number",
        f"""{_ROW}, r.data->>'number' AS value, jsonb_build_object('known', o.number) AS figures
        FROM import_row r JOIN orders_order o ON o.source = 'import' AND o.external_id = r.key
        JOIN credit_customer c ON c.id = o.customer_id
        WHERE r.kind = 'orders' AND r.known AND NOT r.bad
            AND (c.code <> r.parent
                OR o.history AND o.submitted_at <> (r.data->>'submitted_at')::timestamptz)
        ORDER BY r.id""",
    ),
    "no_lines": (
        "",
        f"""{_ROW}, '' AS value, '{{}}'::jsonb AS figures FROM import_row r
        WHERE r.kind = 'orders' AND {_NEW} AND NOT %(history)s
            AND coalesce((r.data->>'total')::numeric, 0) = 0
            AND NOT EXISTS (SELECT FROM import_row l WHERE l.kind = 'lines' AND l.parent = r.key)
        ORDER BY r.id""",
    ),
    "invoice_taken": (
        "number",
        f"""{_ROW}, r.key AS value,
            jsonb_build_object('customer', c.code, 'amount', i.amount::text) AS figures
        FROM import_row r JOIN credit_invoice i ON i.number = r.key
        JOIN credit_creditaccount a ON a.id = i.account_id
        JOIN credit_customer c ON c.id = a.customer_id
        WHERE r.kind = 'invoices' AND NOT r.bad
            AND (c.code <> r.parent OR i.amount <> (r.data->>'amount')::numeric)
        ORDER BY r.id""",
    ),
    **RECEIPT_CHECKS,
}
