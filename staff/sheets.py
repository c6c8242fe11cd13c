"""Lists as files for a spreadsheet: what their columns are, and the cells that any file has."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

# Lets Excel see that a CSV file is UTF-8.
MARK = "\ufeff"
# A cell that begins so would be run as a formula by the spreadsheet that opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Rows that are read and worded together.
CHUNK = 1000


class Kind(Enum):
    """What the cells of a column are."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, where a row has its value, and what kind of value that is.

    `value` is the path of an attribute (`customer__code`) or takes the row. `words` says what codes
    stand for; True and False are yes and no without them.
    """

    heading: str | Promise
    value: str | Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    words: Mapping[Any, str | Promise] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as a file: its name without the ending, its columns, and its rows in order."""

    name: str
    columns: Sequence[Column]
    rows: QuerySet[Any] | Iterable[Any]

    def headings(self, language: str) -> list[str]:
        """The headings in `language`."""
        with translation.override(language):
            return [str(column.heading) for column in self.columns]

    def cells(self, language: str, zone: tzinfo) -> Iterator[list[Any]]:
        """The values of each row: texts, figures, days, and moments in `zone` without it.

        Rows are sent after the request's own language and zone are put back, so both come along.
        """
        readers = [_reader(column) for column in self.columns]
        rows = iter(self._rows())
        while chunk := list(islice(rows, CHUNK)):
            with translation.override(language), timezone.override(zone):
                worded = [[_plain(read(row), zone) for read in readers] for row in chunk]
            yield from worded

    def _rows(self) -> Iterable[Any]:
        # The database keeps a cursor; neither it nor we hold all the rows at once.
        if isinstance(self.rows, QuerySet):
            return self.rows.iterator(chunk_size=CHUNK)
        return self.rows


def csv_lines(sheet: Sheet, *, language: str, zone: tzinfo) -> Iterator[str]:
    """The lines of a CSV file with one row each, headed in `language`, times in `zone`."""
    writer = csv.writer(_Echo())
    headings = sheet.headings(language)
    yield MARK + writer.writerow([safe(heading) for heading in headings])
    for cells in sheet.cells(language, zone):
        yield writer.writerow([safe(cell) for cell in cells])


def safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula; numbers never are."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def unsafe(text: str) -> str:
    """What `safe` made of a cell, as it was."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


class _Echo:
    """Gives each written line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _reader(column: Column) -> Callable[[Any], Any]:
    get = column.value if callable(column.value) else _path(column.value)
    words = column.words
    if words is None:
        return get
    return lambda row: words.get(get(row), "")


def _path(path: str) -> Callable[[Any], Any]:
    names = path.split("__")

    def get(row: Any) -> Any:
        for name in names:
            if row is None:
                return None
            row = getattr(row, name)
        return row

    return get


def _plain(value: Any, zone: tzinfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    return str(value)
