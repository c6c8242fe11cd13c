"""Reading a sheet of an XLSX workbook as the rows of texts that a CSV file would give."""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook

from orders.imports.problems import BadValue
from staff.sheets import unsafe

# A workbook is read at once, into several times what is unpacked of it.
LARGEST_UNPACKED = 256 * 1024 * 1024
MOST_PARTS = 2000
_BLOCK = 1024 * 1024
_HEAD = 30  # bytes of a part's head before its name


def is_workbook(path: Path) -> bool:
    """Whether the file is an XLSX workbook, whatever its name says."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            return "xl/workbook.xml" in packed.namelist()
    except zipfile.BadZipFile:
        return False


def tabs(path: Path) -> list[str]:
    """The names of the sheets. Raises BadValue as `rows` does."""
    return list(_open(path).sheet_names)


def rows(path: Path, tab: str = "") -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row that is not blank, of the sheet named or else the first.

    Dates come as year-month-day and figures with a decimal point, whatever the cells look like; of
    a formula comes its value. Raises BadValue for a workbook that is damaged, protected or too
    large, and for a sheet that is not there.
    """
    workbook = _open(path)
    try:
        sheet = workbook.get_sheet_by_name(tab or workbook.sheet_names[0])
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            values = [text(cell) for cell in cells]
            if any(values):
                yield number, values
    except (CalamineError, IndexError) as error:
        raise BadValue("bad_workbook") from error


def _open(path: Path) -> CalamineWorkbook:
    _guard_size(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except CalamineError as error:
        raise BadValue("bad_workbook") from error


def _guard_size(path: Path) -> None:
    """Unpack the workbook to count; what it says about its own size is not to be trusted."""
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(path) as packed, path.open("rb") as file:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > left:
                raise _too_large()
            for part in parts:
                left -= _unpacked(file, part, left)
    except (zipfile.BadZipFile, zlib.error, OSError) as error:
        raise BadValue("bad_workbook") from error


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo, most: int) -> int:
    """How many bytes come out of a part. Raises BadValue beyond `most`."""
    file.seek(part.header_offset)
    head = file.read(_HEAD)
    name, extra = (int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
    file.seek(name + extra, 1)
    unpack, packed, size = zlib.decompressobj(-zlib.MAX_WBITS), part.compress_size, 0
    if part.compress_type == zipfile.ZIP_STORED:
        return packed
    while packed > 0 and (block := file.read(min(packed, _BLOCK))):
        packed -= len(block)
        while block:
            size += len(unpack.decompress(block, _BLOCK))
            block = unpack.unconsumed_tail
            if size > most:
                raise _too_large()
    return size


def _too_large() -> BadValue:
    return BadValue("workbook_too_large", most=LARGEST_UNPACKED // 1024**2)


def text(cell: Any) -> str:
    """What a cell says, as it would be written into a CSV file."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        # 12.30 is kept as the nearest binary fraction; repr gives back what was typed.
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time.min else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time | timedelta):
        return str(cell)
    return unsafe(str(cell).strip())
