"""The queries about receipts of an import: whose they are, which invoices they pay."""

# Receipts that name their customer, as lists of banks do, and not its code.
PAYERS = """
    UPDATE import_row r SET parent = named.code
        FROM (SELECT name, min(code) AS code FROM credit_customer
            WHERE name IN (SELECT data->>'payer' FROM import_row WHERE kind = 'receipts')
            GROUP BY name HAVING count(*) = 1) named
        WHERE r.kind = 'receipts' AND r.parent = '' AND r.data->>'payer' = named.name
"""
# As the checks of `queries`.
RECEIPT_CHECKS: dict[str, tuple[str, str]] = {
    "unknown_invoice": (
        "invoice",
        """SELECT r.file, r.line, r.data->>'invoice' AS value, '{}'::jsonb AS figures
        FROM import_row r
        WHERE r.kind = 'receipts' AND r.parent <> '' AND r.data ? 'invoice'
            AND NOT r.known AND NOT r.bad
            AND NOT EXISTS (SELECT FROM import_row i WHERE i.kind = 'invoices'
                AND i.key = r.data->>'invoice' AND i.parent = r.parent)
            AND NOT EXISTS (SELECT FROM credit_invoice i
                JOIN credit_creditaccount a ON a.id = i.account_id
                JOIN credit_customer c ON c.id = a.customer_id
                WHERE i.number = r.data->>'invoice' AND c.code = r.parent)
        ORDER BY r.id""",
    ),
    "unknown_payer": (
        "payer",
        """SELECT r.file, r.line, r.data->>'payer' AS value, '{}'::jsonb AS figures
        FROM import_row r
        WHERE r.kind = 'receipts' AND r.parent = '' AND r.data ? 'payer'
            AND NOT EXISTS (SELECT FROM credit_customer c WHERE c.name = r.data->>'payer')
        ORDER BY r.id""",
    ),
    "several_payers": (
        "payer",
        """SELECT r.file, r.line, r.data->>'payer' AS value,
            jsonb_build_object('count', same.count) AS figures
        FROM import_row r JOIN (SELECT name, count(*) FROM credit_customer GROUP BY name) same
            ON same.name = r.data->>'payer'
        WHERE r.kind = 'receipts' AND r.parent = '' AND same.count > 1
        ORDER BY r.id""",
    ),
    "receipt_taken": (
        "reference",
        """SELECT r.file, r.line, p.reference AS value,
            jsonb_build_object('amount', p.amount::text) AS figures
        FROM import_row r JOIN credit_customer c ON c.code = r.parent
        JOIN credit_creditaccount a ON a.customer_id = c.id
        JOIN credit_receipt p ON p.account_id = a.id AND p.order_id IS NULL
            AND p.reference = r.data->>'reference'
        WHERE r.kind = 'receipts' AND NOT r.known AND NOT r.bad AND p.reference <> ''
        ORDER BY r.id""",
    ),
}
