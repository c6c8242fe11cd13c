"""Every balance worked out again from the entries and documents that it stands for.

Nothing is locked and nothing is changed: one statement sees one moment of the database, with the
ledger's entries and the balances that follow from them alike, whatever is written meanwhile. The
ledger is read once, so the time taken grows with its length.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from credit.enums import Bucket

# So many differences are told one by one; all of them are counted.
TOLD = 500


class What(models.TextChoices):
    """What was compared with what: first what is kept, then what it has to be."""

    BALANCE = "balance", _("Balance of an account, from its ledger")
    GROUP = "group", _("Use of a group, from its members' ledger")
    RECEIVABLE = "receivable", _("Open invoices of an account, from its ledger")
    INVOICE = "invoice", _("Open amount of an invoice, from what settled it")
    RECEIPT = "receipt", _("Rest of a receipt, from its allocations and refunds")


@dataclass(frozen=True, slots=True)
class Difference:
    """One amount that is not what it has to be, in `currency`.

    `part` names the bucket, the invoice or the receipt. `expected` is what entries and documents
    say, `found` what is kept.
    """

    what: str
    account_id: int
    customer_id: int
    customer: str
    part: str
    currency: str
    expected: Decimal
    found: Decimal

    @property
    def label(self) -> str:
        """What was compared, in words."""
        return str(What(self.what).label)

    @property
    def part_label(self) -> str:
        """The bucket in words; numbers of documents as they are."""
        return str(Bucket(self.part).label) if self.what == What.BALANCE else self.part

    def as_json(self) -> dict[str, Any]:
        """As a run keeps it: amounts as strings."""
        return asdict(self) | {"expected": str(self.expected), "found": str(self.found)}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much was compared, how many differences there are, and the first of them."""

    accounts: int
    entries: int
    found: int
    differences: list[Difference]


def _net(bucket: str) -> str:
    return (
        f"coalesce(sum(amount) FILTER (WHERE to_bucket = '{bucket}'), 0)"
        f" - coalesce(sum(amount) FILTER (WHERE from_bucket = '{bucket}'), 0) AS {bucket}"
    )


_BUCKETS = ("reserved", "delivered", "receivable", "paid")
# Put together from constants; the limit is bound.
_COMPARE = f"""
WITH ledger AS (
    SELECT account_id, count(*) AS entries, {", ".join(map(_net, _BUCKETS))}
    FROM credit_ledgerentry GROUP BY account_id
), account AS (
    SELECT a.id, a.customer_id, a.currency, a.ancestors, a.reserved, a.delivered, a.receivable,
        a.paid, {", ".join(f"coalesce(l.{b}, 0) AS l_{b}" for b in _BUCKETS)}
    FROM credit_creditaccount a LEFT JOIN ledger l ON l.account_id = a.id
), allocated AS (
    SELECT invoice_id, sum(amount) AS amount FROM credit_allocation
    WHERE reversed_at IS NULL GROUP BY 1
), adjusted AS (
    SELECT invoice_id, sum(amount) AS amount FROM credit_invoiceadjustment GROUP BY 1
), spread AS (
    SELECT receipt_id, sum(amount) AS amount FROM (
        SELECT receipt_id, amount FROM credit_allocation WHERE reversed_at IS NULL
        UNION ALL SELECT receipt_id, amount FROM credit_refund
    ) used GROUP BY 1
), opened AS (
    SELECT account_id, sum(open_amount) AS amount FROM credit_invoice GROUP BY 1
), grouped AS (
    SELECT parent AS account_id, currency, sum(l_reserved + l_delivered + l_receivable) AS amount
    FROM account, unnest(ancestors) AS parent GROUP BY 1, 2
), difference (what, account_id, part, currency, expected, found) AS (
    SELECT 'balance', id, bucket, currency, expected, found
    FROM account, LATERAL (VALUES
        {", ".join(f"('{b}', l_{b}, {b})" for b in _BUCKETS)}
    ) AS side (bucket, expected, found)
    WHERE expected <> found
    UNION ALL
    SELECT 'group', account_id, '', currency, coalesce(grouped.amount, 0), coalesce(kept.used, 0)
    FROM grouped FULL JOIN credit_groupexposure kept USING (account_id, currency)
    WHERE coalesce(grouped.amount, 0) <> coalesce(kept.used, 0)
    UNION ALL
    SELECT 'receivable', id, '', currency, l_receivable, coalesce(opened.amount, 0)
    FROM account LEFT JOIN opened ON opened.account_id = id
    WHERE l_receivable <> coalesce(opened.amount, 0)
    UNION ALL
    SELECT 'invoice', i.account_id, i.number, account.currency,
        i.amount - coalesce(allocated.amount, 0) - coalesce(adjusted.amount, 0), i.open_amount
    FROM credit_invoice i JOIN account ON account.id = i.account_id
    LEFT JOIN allocated ON allocated.invoice_id = i.id
    LEFT JOIN adjusted ON adjusted.invoice_id = i.id
    WHERE i.amount - coalesce(allocated.amount, 0) - coalesce(adjusted.amount, 0) <> i.open_amount
    UNION ALL
    SELECT 'receipt', r.account_id, coalesce(nullif(r.reference, ''), '#' || r.id),
        account.currency, r.amount - coalesce(spread.amount, 0), r.unallocated
    FROM credit_receipt r JOIN account ON account.id = r.account_id
    LEFT JOIN spread ON spread.receipt_id = r.id
    WHERE r.amount - coalesce(spread.amount, 0) <> r.unallocated
), told AS (
    SELECT * FROM difference ORDER BY what, account_id, part, currency LIMIT %(told)s
)
SELECT (SELECT count(*) FROM account), (SELECT coalesce(sum(entries), 0) FROM ledger),
    (SELECT count(*) FROM difference),
    (SELECT coalesce(json_agg(json_build_object(
        'what', told.what, 'account_id', told.account_id, 'customer_id', c.id,
        'customer', c.code || ' ' || c.name, 'part', told.part, 'currency', told.currency,
        'expected', told.expected::text, 'found', told.found::text
    ) ORDER BY told.what, told.account_id, told.part, told.currency), '[]')
    FROM told JOIN credit_creditaccount a ON a.id = told.account_id
    JOIN credit_customer c ON c.id = a.customer_id)
"""  # noqa: S608


def compare() -> Comparison:
    """Compare balances, uses of groups, open invoices and receipts with what they stand for."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, {"told": TOLD})
        accounts, entries, found, rows = cursor.fetchone()
    return Comparison(accounts, int(entries), found, [read(row) for row in rows])


def read(row: Mapping[str, Any]) -> Difference:
    """A difference as a run keeps it."""
    amounts = {side: Decimal(row[side]) for side in ("expected", "found")}
    return Difference(**{**row, **amounts})
