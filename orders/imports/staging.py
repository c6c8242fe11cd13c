"""The rows of an import on their way: read, kept in a temporary table, compared there as sets.

Beside them lies what is wrong with each. Both tables are the worker's own and go with its session.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, TextIO

from django.db import connection

from orders.imports import fields
from orders.imports.enums import Kind
from orders.imports.fields import FIELDS, Field
from orders.imports.mapping import missing
from orders.imports.problems import BadValue, Problems
from orders.imports.reading import BadLine, Row
from orders.imports.row_checks import Values, faults
from orders.imports.values import ValueReader
from orders.models import ImportFile

DROP = "DROP TABLE IF EXISTS import_row; DROP TABLE IF EXISTS import_problem"
TABLE = """
    CREATE TEMPORARY TABLE import_row (
        id bigint GENERATED ALWAYS AS IDENTITY,
        kind text NOT NULL, file bigint NOT NULL, line int NOT NULL,
        key text NOT NULL, parent text NOT NULL, product text NOT NULL,
        currency text, order_id bigint, data jsonb NOT NULL,
        bad boolean NOT NULL, known boolean NOT NULL DEFAULT false, head bigint
    );
    CREATE TEMPORARY TABLE import_problem (
        file bigint NOT NULL, line int NOT NULL, code text NOT NULL, field text NOT NULL,
        figures jsonb NOT NULL
    )
"""
INDEXES = """
    CREATE INDEX ON import_row (kind, key);
    CREATE INDEX ON import_row (kind, parent);
    CREATE INDEX ON import_row (id);
    CREATE INDEX ON import_row (product) WHERE kind = 'lines';
    CREATE INDEX ON import_row (head) WHERE head IS NOT NULL;
    CREATE INDEX ON import_problem (file, line);
    ANALYZE import_row
"""
COPY = "COPY import_row (kind, file, line, key, parent, product, currency, data, bad) FROM STDIN"
COPY_PROBLEMS = "COPY import_problem (file, line, code, field, figures) FROM STDIN"
FIRST_ROWS = 10  # rows of each file that are shown as they are understood
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
    Kind.LIMITS: "customer",
    Kind.RECEIPTS: "customer",
    Kind.LINES: "order",
    Kind.PAYMENTS: "order",
    Kind.SHIPMENTS: "order",
}

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: where it stands, how it is called, what it means."""

    index: int
    header: str
    field: Field


def create() -> None:
    """Make the empty tables, in place of what an import before this one left."""
    with connection.cursor() as cursor:
        cursor.execute(DROP)
        cursor.execute(TABLE)


def drop() -> None:
    """Take the tables away."""
    with connection.cursor() as cursor:
        cursor.execute(DROP)


def load(files: Iterable[ImportFile], reader: ValueReader, problems: Problems, tick: Tick) -> bool:
    """Read every file into the table. What cannot be read becomes a problem.

    False when a file could not be read to its end, so that nothing can be said about its rows.
    """
    whole = True
    with TemporaryFile("w+", encoding="utf-8") as wrong:
        for file in files:
            loading = _FileLoad(file, reader, problems, wrong)
            with connection.cursor() as cursor, cursor.copy(COPY) as copy:
                for row in loading.rows(tick):
                    copy.write_row(row)
            whole = whole and loading.whole
        wrong.seek(0)
        with connection.cursor() as cursor, cursor.copy(COPY_PROBLEMS) as copy:
            for line in wrong:
                copy.write_row(json.loads(line))
    with connection.cursor() as cursor:
        cursor.execute(INDEXES)
    return whole


class _FileLoad:
    """The reading of one file."""

    def __init__(
        self, file: ImportFile, reader: ValueReader, problems: Problems, wrong: TextIO
    ) -> None:
        self.file = file
        self.file.first_rows = []
        # While rows are copied the connection does nothing else, so problems wait in a file.
        self.wrong = wrong
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
            yield self._staged(row, columns, len(headers))
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
        told = {name: str(figure) for name, figure in figures.items()}
        field = column.field.code if column else ""
        one = [self.file.pk, row.line, code, field, json.dumps(told)]
        self.wrong.write(json.dumps(one) + "\n")

    def _staged(self, row: Row, columns: Sequence[Column], width: int) -> tuple[Any, ...]:
        if len(row.values) != width:
            self._note(row, "width", found=len(row.values), wanted=width)
            return (self.kind, self.file.pk, row.line, "", "", "", None, "{}", True)
        before = len(self.problems)
        values = self._values(row, columns)
        if len(self.file.first_rows) < FIRST_ROWS:
            bad = len(self.problems) > before
            self.file.first_rows.append({"line": row.line, "bad": bad, "values": {**values}})
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

    def _values(self, row: Row, columns: Sequence[Column]) -> Values:
        values: Values = {}
        for column in columns:
            try:
                value = self.reader.read(column.field, row.values[column.index])
            except BadValue as error:
                self._note(row, error.code, column, **error.figures)
                value = row.values[column.index] if column.field.type == fields.CODE else None
            if value is not None:
                values[column.field.code] = value
        cells = {column.field.code: row.values[column.index] for column in columns}
        for code, about, figures in faults(self.kind, values, cells, self.options):
            column_of = {column.field.code: column for column in columns}
            self._note(row, code, column_of.get(about), **figures)
        return values

    def _names(self, values: Values) -> tuple[str, str]:
        key = values.get(KEY.get(Kind(self.kind), ""), "")
        parent = values.get(PARENT.get(Kind(self.kind), ""), "")
        if self.kind == Kind.ORDERS:
            return self.options.number_prefix + key, parent or self.options.customer_code
        if self.kind == Kind.STOCK:
            warehouse = values.get("warehouse", "")
            return f"{values.get('product', '')} @ {warehouse}", warehouse
        if PARENT.get(Kind(self.kind)) == "customer":
            return key, parent
        return key, self.options.number_prefix + parent if parent else ""
