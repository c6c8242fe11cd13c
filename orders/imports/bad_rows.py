"""The queries that keep what is wrong with rows, and find what goes with a bad one."""

# What a check finds, kept beside the rows; and the first of it, with what the row says.
GATHER = """
    INSERT INTO import_problem (file, line, code, field, figures)
    SELECT file, line, %(code)s, %(field)s, figures || jsonb_build_object('value', value)
    FROM ({query}) found WHERE file > 0
"""
FIRST = """
    SELECT file, line, figures->>'value', figures - 'value' FROM import_problem
    WHERE code = %(code)s AND figures ? 'value' AND %(gathered)s > 0 ORDER BY file, line
    LIMIT %(kept)s
"""
# Rows that the product refused, in this attempt to write the import or in one before.
REFUSED = """
    INSERT INTO import_problem (file, line, code, field, figures)
    SELECT f.file_id, f.line, 'refused', '',
        jsonb_build_object('message', coalesce(f.said, to_jsonb(f.message)))
    FROM orders_importrefusal f WHERE f.run_id = %(run)s AND NOT EXISTS (
        SELECT FROM import_problem p
        WHERE p.file = f.file_id AND p.line = f.line AND p.code = 'refused')
"""
MARK_BAD = """
    UPDATE import_row r SET bad = true FROM import_problem p
    WHERE p.file = r.file AND p.line = r.line AND NOT r.bad
"""
_LEAVE_OUT = """
    INSERT INTO import_problem (file, line, code, field, figures)
    SELECT r.file, r.line, '{code}', '', '{{}}' FROM import_row r
    WHERE r.file > 0 AND NOT r.bad AND NOT r.known AND {because}
"""
_GOOD = "EXISTS (SELECT FROM import_row o WHERE o.kind = '{kind}' AND o.key = {key} AND NOT o.bad)"
# Good rows that go with a bad one, told in this order: what belongs together comes in together.
LEFT_OUT = {
    "without_customer": _LEAVE_OUT.format(
        code="without_customer",
        because=f"""r.kind IN ('orders', 'invoices', 'limits', 'receipts') AND r.parent <> ''
            AND NOT {_GOOD.format(kind="customers", key="r.parent")}
            AND NOT EXISTS (SELECT FROM credit_customer c WHERE c.code = r.parent)""",
    ),
    "without_invoice": _LEAVE_OUT.format(
        code="without_invoice",
        because=f"""r.kind = 'receipts' AND r.data ? 'invoice'
            AND NOT {_GOOD.format(kind="invoices", key="r.data->>'invoice'")}
            AND NOT EXISTS (SELECT FROM credit_invoice i WHERE i.number = r.data->>'invoice')""",
    ),
    "without_product": _LEAVE_OUT.format(
        code="without_product",
        because=f"""r.kind IN ('lines', 'stock')
            AND NOT {_GOOD.format(kind="products", key="r.product")}
            AND NOT EXISTS (SELECT FROM orders_product p WHERE p.sku = r.product)""",
    ),
    "with_bad_line": _LEAVE_OUT.format(
        code="with_bad_line",
        because="EXISTS (SELECT FROM import_row l WHERE l.head = r.head AND l.bad)",
    ),
    "with_bad_part": _LEAVE_OUT.format(
        code="with_bad_part",
        because="""r.kind = 'orders' AND EXISTS (SELECT FROM import_row l
            WHERE l.kind IN ('lines', 'payments', 'shipments') AND l.parent = r.key AND l.bad)""",
    ),
    "without_order": _LEAVE_OUT.format(
        code="without_order",
        because=f"""r.kind IN ('lines', 'payments', 'shipments')
            AND EXISTS (SELECT FROM import_row o WHERE o.kind = 'orders')
            AND NOT {_GOOD.format(kind="orders", key="r.parent")}""",
    ),
}
