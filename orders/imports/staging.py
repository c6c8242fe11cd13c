"""The rows of an import on their way: read, kept in a temporary table, compared there as sets.

The table lives as long as the transaction, so that nothing of a refused import is left.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from orders.imports import fields
from orders.imports.enums import Kind
from orders.imports.fields import FIELDS, Field
from orders.imports.mapping import missing
from orders.imports.open_parts import part_problem
from orders.imports.problems import BadValue, Problems
from orders.imports.reading import BadLine, Row
from orders.imports.values import Value, ValueReader
from orders.models import ImportFile

TABLE = """
    DROP TABLE IF EXISTS import_row;
    CREATE TEMPORARY TABLE import_row (
        id bigint GENERATED ALWAYS AS IDENTITY,
        kind text NOT NULL, file bigint NOT NULL, line int NOT NULL,
        key text NOT NULL, parent text NOT NULL, product text NOT NULL,
        currency text, data jsonb NOT NULL,
        bad boolean NOT NULL, known boolean NOT NULL DEFAULT false
    ) ON COMMIT DROP
"""
INDEXES = """
    CREATE INDEX ON import_row (kind, key);
    CREATE INDEX ON import_row (kind, parent);
    CREATE INDEX ON import_row (id);
    ANALYZE import_row
"""
COPY = "COPY import_row (kind, file, line, key, parent, product, currency, data, bad) FROM STDIN"
EVERY = 500  # rows between two reports of progress

# The field that names a row, the row it belongs to, and the product on it.
KEY = {
    Kind.CUSTOMERS: "code",
    Kind.PRODUCTS: "sku",
    Kind.ORDERS: "number",
    Kind.INVOICES: "number",
}
PARENT = {
    Kind.ORDERS: "customer",
    Kind.INVOICES: "customer",
    Kind.LINES: "order",
    Kind.PAYMENTS: "order",
    Kind.SHIPMENTS: "order",
}
EVENTS = ("paid_at", "shipped_at", "delivered_at", "cancelled_at", "paid_amount", "refund_amount")

Tick = Callable[[int], None]
Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: where it stands, how it is called, what it means."""

    index: int
    header: str
    field: Field


def create() -> None:
    """Make the empty table; inside a transaction, whose end takes it away."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)


def load(files: Iterable[ImportFile], reader: ValueReader, problems: Problems, tick: Tick) -> bool:
    """Read every file into the table. What cannot be read becomes a problem.

    False when a file could not be read to its end, so that nothing can be said about its rows.
    """
    whole = True
    for file in files:
        loading = _FileLoad(file, reader, problems)
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for row in loading.rows(tick):
                copy.write_row(row)
        whole = whole and loading.whole
    with connection.cursor() as cursor:
        cursor.execute(INDEXES)
    return whole


class _FileLoad:
    """The reading of one file."""

    def __init__(self, file: ImportFile, reader: ValueReader, problems: Problems) -> None:
        self.file = file
        self.kind = file.kind
        self.reader = reader
        self.options = reader.options
        self.problems = problems
        self.whole = False

    def rows(self, tick: Tick) -> Iterator[tuple[Any, ...]]:
        """The rows as they go into the table; an end that comes too early becomes a problem."""
        try:
            yield from self._rows(tick)
        except BadLine as error:
            self.problems.add(error.code, file=self.file.name, line=error.line, **error.figures)

    def _rows(self, tick: Tick) -> Iterator[tuple[Any, ...]]:
        sheet = self.file.sheet
        headers = sheet.headers()
        columns = self._columns(headers)
        if columns is None:
            return
        body = sheet.rows()
        next(body)
        number = 0
        for number, row in enumerate(body, start=1):
            if len(row.values) == len(headers):
                yield self._staged(row, columns)
            else:
                self._note(row, "width", found=len(row.values), wanted=len(headers))
            if number % EVERY == 0:
                tick(EVERY)
        tick(number % EVERY)
        if not number:
            raise BadLine("no_rows", 1)
        self.whole = True

    def _columns(self, headers: Sequence[str]) -> list[Column] | None:
        mapped, shown, before = (
            self.file.columns,
            ", ".join(filter(None, headers)),
            len(self.problems),
        )
        labels = {field.code: field.label for field in FIELDS[self.kind]}
        for code in missing(self.kind, mapped):
            self._column("missing_column", field=labels[code], headers=shown)
        used: dict[str, str] = {}
        for code, header in mapped.items():
            if header not in headers:
                self._column("gone_column", header=header, field=labels[code], headers=shown)
            elif header in used:
                self._column("column_twice", header, field=labels[used[header]], other=labels[code])
            used[header] = code
        if len(self.problems) > before:
            return None
        fields_by_code = {field.code: field for field in FIELDS[self.kind]}
        columns = [
            Column(headers.index(header), header, fields_by_code[code])
            for code, header in mapped.items()
        ]
        return sorted(columns, key=lambda column: column.index)

    def _column(self, code: str, column: str = "", **figures: Any) -> None:
        self.problems.add(code, file=self.file.name, line=1, column=column, **figures)

    def _note(self, row: Row, code: str, column: Column | None = None, **figures: object) -> None:
        self.problems.add(
            code,
            file=self.file.name,
            line=row.line,
            column=column.header if column else "",
            value=row.values[column.index] if column else "",
            **figures,
        )

    def _staged(self, row: Row, columns: Sequence[Column]) -> tuple[Any, ...]:
        before = len(self.problems)
        values: Values = {}
        for column in columns:
            try:
                value = self.reader.read(column.field, row.values[column.index])
            except BadValue as error:
                self._note(row, error.code, column, **error.figures)
                value = row.values[column.index] if column.field.type == fields.CODE else None
            if value is not None:
                values[column.field.code] = value
        if self.kind in (Kind.ORDERS, Kind.SHIPMENTS):
            self._check_events(row, values, columns)
        if self.kind == Kind.INVOICES:
            self._check_invoice(row, values, columns)
        key, parent = self._names(values)
        return (
            self.kind,
            self.file.pk,
            row.line,
            key,
            parent,
            values.get("product", ""),
            values.pop("currency", None),
            json.dumps(values),
            len(self.problems) > before,
        )

    def _names(self, values: Values) -> tuple[str, str]:
        key = values.get(KEY.get(Kind(self.kind), ""), "")
        parent = values.get(PARENT.get(Kind(self.kind), ""), "")
        if self.kind == Kind.ORDERS:
            return self.options.number_prefix + key, parent or self.options.customer_code
        if self.kind == Kind.INVOICES:
            return key, parent
        return key, self.options.number_prefix + parent if parent else ""

    def _check_invoice(self, row: Row, values: Values, columns: Sequence[Column]) -> None:
        by_code = {column.field.code: column for column in columns}
        issued = values.get("issued_on", "")
        for code in ("due_on", "settled_on", "paid_on"):
            if issued and issued > values.get(code, issued):
                self._note(row, "before_issue", by_code[code])
        if "amount" in values and not Decimal(values["amount"]):
            self._note(row, "not_positive", by_code["amount"])
        problem = part_problem(values)
        if problem:
            code, field, figures = problem
            self._note(row, code, by_code[field], **figures)

    def _check_events(self, row: Row, values: Values, columns: Sequence[Column]) -> None:
        by_code = {column.field.code: column for column in columns}
        shipped, delivered = values.get("shipped_at"), values.get("delivered_at")
        if delivered and not shipped and "shipped_at" in by_code:
            self._note(row, "delivered_unshipped", by_code["delivered_at"])
        if delivered and shipped and delivered < shipped:
            self._note(row, "before_shipping", by_code["delivered_at"])
        if self.kind == Kind.ORDERS and not self.options.history:
            for code in EVENTS:
                if values.get(code) not in (None, "0", "0.0", "0.00"):
                    self._note(row, "new_with_events", by_code[code])
        if self.kind == Kind.ORDERS and not (values.get("customer") or self.options.customer_code):
            self._note(row, "no_customer", by_code.get("customer"))
