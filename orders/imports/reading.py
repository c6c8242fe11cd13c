"""Reading CSV files row by row, in memory that does not grow with the file; workbooks at once."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import filetype

from orders.imports import workbook
from orders.imports.enums import Encoding
from orders.imports.problems import BadValue
from staff.sheets import unsafe

LARGEST_FILE = 500 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
_MAGIC = {
    b"PK\x03\x04": "ZIP",
    b"\xd0\xcf\x11\xe0": "Excel (XLS)",
    b"%PDF": "PDF",
    b"\x1f\x8b": "GZIP",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


# What no text has, apart from tabs, line ends and a page break.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class BadLine(BadValue):
    """The file cannot be read beyond line `line`."""

    def __init__(self, code: str, line: int, **figures: object) -> None:
        super().__init__(code, **figures)
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one row, stripped, and the line it begins on."""

    line: int
    values: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file to read, with what is needed to read it.

    `delimiter` "" means: find it out; `tab` "" means the first sheet of a workbook.
    """

    path: Path
    encoding: str = Encoding.UTF8
    delimiter: str = ""
    tab: str = ""

    def rows(self) -> Iterator[Row]:
        """The header, then every row that is not blank.

        Raises BadLine for what no row can be made of: wrong encoding, zero bytes, an open quote,
        an empty file, another format.
        """
        if workbook.is_workbook(self.path):
            yield from self._cells()
            return
        with self.path.open("rb") as file:
            _guard_format(file)
            lines = _lines(file, self.encoding)
            first = next(lines, "")
            if not first.strip():
                raise BadLine("empty_file", 0)
            yield from _records(first, lines, self.delimiter or _delimiter(first))

    def _cells(self) -> Iterator[Row]:
        empty = True
        try:
            for line, values in workbook.rows(self.path, self.tab):
                empty = False
                yield Row(line, values)
        except BadValue as error:
            raise BadLine(error.code, 0, **error.figures) from error
        if empty:
            raise BadLine("empty_file", 0)

    def tabs(self) -> list[str]:
        """The sheets of a workbook, none of a text. Raises BadLine as `rows` does."""
        try:
            return workbook.tabs(self.path) if workbook.is_workbook(self.path) else []
        except BadValue as error:
            raise BadLine(error.code, 0, **error.figures) from error

    def headers(self) -> list[str]:
        """The names of the columns. Raises BadLine as `rows` does, and for a name used twice."""
        names = next(iter(self.rows())).values
        for name in names:
            if name and names.count(name) > 1:
                raise BadLine("duplicate_header", 1, header=name)
        return names


def _guard_format(file: BinaryIO) -> None:
    """By what the file holds, whatever its name says."""
    start = file.read(8192)
    found = next((name for magic, name in _MAGIC.items() if start.startswith(magic)), "")
    if not found and _CONTROLS.search(start):  # some formats begin with letters, as texts do
        kind = filetype.guess(start)
        found = kind.extension.upper() if kind else ""
    if found:
        raise BadLine("not_csv", 0, found=found)
    file.seek(0)


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    number = offset = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        if b"\0" in raw:
            raise BadLine("nul_byte", number)
        if len(raw) > LONGEST_LINE:
            raise BadLine("long_line", number)
        try:
            # The mark at the beginning of a file is only taken off there.
            yield raw.decode(encoding if number == 1 else encoding.removesuffix("-sig"))
        except UnicodeDecodeError as error:
            raise _undecodable(raw, encoding, number, offset + error.start, error) from error
        offset += len(raw)


def _undecodable(
    raw: bytes, encoding: str, line: int, position: int, error: UnicodeDecodeError
) -> BadLine:
    return BadLine(
        "bad_encoding",
        line,
        byte=f"0x{raw[error.start]:02X}",
        position=position,
        encoding=encoding.removesuffix("-sig").upper(),
        likely=likely_encoding(raw).upper(),
    )


def likely_encoding(raw: bytes) -> str:
    """The encoding in which bytes that are not UTF-8 read as something sensible."""
    for encoding in (Encoding.GB18030, Encoding.BIG5):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        foreign = [letter for letter in text if ord(letter) > 127]
        # A lone accented letter swallows its neighbour and looks like one rare character.
        if len(foreign) > 1 and all("一" <= x <= "鿿" or x in "，。（）：￥" for x in foreign):
            return encoding
    return Encoding.LATIN1


def _delimiter(header: str) -> str:
    outside = "".join(header.split('"')[::2])
    return max(",;\t", key=outside.count)


def _records(first: str, rest: Iterator[str], delimiter: str) -> Iterator[Row]:
    def lines() -> Iterator[str]:
        yield first
        yield from rest

    reader = csv.reader(lines(), delimiter="\t" if delimiter == "tab" else delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadLine("open_quote", begins) from error
        values = [_plain(value) for value in values]
        if any(values):
            yield Row(begins, values)


def _plain(value: str) -> str:
    value = value.strip()
    # Shops write ="0012" so that a spreadsheet keeps the zeros.
    return unsafe(value[2:-1] if value.startswith('="') and value.endswith('"') else value)
