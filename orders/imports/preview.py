"""The first rows of a file as they will be understood, in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats, timezone

from orders.imports import fields
from orders.imports.enums import Status
from orders.imports.fields import FIELDS, LARGEST_OF, Field
from orders.models import ImportFile

_FIGURES = (fields.AMOUNT, fields.PRICE)


@dataclass(frozen=True, slots=True)
class FirstRow:
    """One row: its line, whether something is wrong with it, and its values as texts."""

    line: int
    bad: bool
    values: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the columns of a file mean, each with whether it holds figures, and its first rows."""

    name: str
    labels: list[tuple[str, bool]]
    rows: list[FirstRow]


def preview(file: ImportFile) -> Preview:
    """What was kept of the file when it was checked; no rows before that."""
    told = {code for row in file.first_rows for code in row["values"]}
    shown = [field for field in FIELDS.get(file.kind, ()) if field.code in told]
    rows = [
        FirstRow(
            row["line"],
            row["bad"],
            [(_text(field, row["values"]), field.type in LARGEST_OF) for field in shown],
        )
        for row in file.first_rows
    ]
    labels = [(str(field.label), field.type in LARGEST_OF) for field in shown]
    return Preview(file.name, labels, rows)


def _text(field: Field, values: dict[str, str]) -> str:
    value = values.get(field.code, "")
    if not value:
        return ""
    if field.type == fields.MOMENT:
        moment = timezone.localtime(datetime.fromisoformat(value))
        return formats.date_format(moment, "DATETIME_FORMAT")
    if field.type == fields.DATE:
        return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
    if field.type in _FIGURES:
        return formats.number_format(Decimal(value), 2, use_l10n=True, force_grouping=True)
    if field.type == fields.WORD:
        return str(dict(field.words).get(value, value))
    return str(Status(value).label) if field.type == fields.STATUS else value
