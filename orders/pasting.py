"""Rows copied from a spreadsheet as lines of an order. Pure; nothing of what was pasted is lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.imports.enums import Kind
from orders.imports.mapping import by_name, fold

# What the columns mean where no row of titles says so.
COLUMNS = ("product", "quantity", "price", "discount_percent", "tax_percent", "lot")
_FIGURES = ("quantity", "price", "discount_percent", "tax_percent")
# Signs that sheets write around figures.
_SIGNS = "¥￥$€£%％ \u00a0"
_LOT_TITLES = {fold(title) for title in ("lot", "batch", "批号", "批次", "批號")}

Row = dict[str, str]


def read_rows(text: str) -> list[Row]:
    """The rows of `text`, cells by the name of their field, as they were typed.

    Cells are parted by tabs, or by commas or semicolons where there is no tab. A first row of
    titles, in any language that imports know, says which column is which and is left out.
    """
    rows = [_cells(line, _separator(text)) for line in text.splitlines() if line.strip()]
    columns = _titled(rows[0]) if rows else None
    if columns is None:
        columns = dict(enumerate(COLUMNS))
    else:
        rows = rows[1:]
    read = [_row(cells, columns) for cells in rows]
    return [row for row in read if any(row.values())]


def _separator(text: str) -> str:
    return next((mark for mark in ("\t", ";", ",") if mark in text), "\t")


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in line.split(separator)]


def _titled(cells: Sequence[str]) -> dict[int, str] | None:
    """Which column is which, if the cells are titles: product and quantity at the least."""
    named = by_name(Kind.LINES, cells)
    places = {cells.index(named[code]): code for code in COLUMNS if code in named}
    places |= {place: "lot" for place, cell in enumerate(cells) if fold(cell) in _LOT_TITLES}
    return places if {"product", "quantity"} <= set(places.values()) else None


def _row(cells: Sequence[str], columns: dict[int, str]) -> Row:
    row = dict.fromkeys(COLUMNS, "")
    for place, name in columns.items():
        if place < len(cells):
            row[name] = cells[place].strip(_SIGNS) if name in _FIGURES else cells[place]
    return row


@dataclass(frozen=True)
class Taken:
    """The lines that have room, and the text of those that have not."""

    rows: list[Row]
    left: str


def take(text: str, room: int) -> Taken:
    """Read at most `room` rows; the rest stays as text, to be pasted into another order."""
    rows = read_rows(text)
    left = rows[max(room, 0) :]
    told = "\n".join("\t".join(row[name] for name in COLUMNS).rstrip("\t") for row in left)
    return Taken(rows[: max(room, 0)], told)
