"""What a file really is, told from its bytes; its name only has to agree."""

import zipfile
from pathlib import PurePath
from typing import IO

import filetype
from django.utils.translation import gettext as _

from journal.attachments.errors import FileRefused

PDF, PNG, JPEG, WEBP = "application/pdf", "image/png", "image/jpeg", "image/webp"
_OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
DOCX = f"{_OFFICE}.wordprocessingml.document"
CSV, TEXT = "text/csv", "text/plain"

# How the name of each kind of file may end.
ENDINGS: dict[str, tuple[str, ...]] = {
    PDF: ("pdf",),
    PNG: ("png",),
    JPEG: ("jpg", "jpeg"),
    WEBP: ("webp",),
    XLSX: ("xlsx",),
    DOCX: ("docx",),
    CSV: ("csv",),
    TEXT: ("txt",),
}
ACCEPTED = ",".join(f".{ending}" for endings in ENDINGS.values() for ending in endings)
# The part by which the package of an office file is known.
_MAIN_PARTS = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX}
_HEAD = 8192
_WHITESPACE = b"\t\n\r\f"


def recognise(name: str, file: IO[bytes]) -> str:
    """The content type of the file. Raises FileRefused for one that is not taken, saying why."""
    ending = PurePath(name).suffix.lstrip(".").lower()
    found = _by_content(file, ending)
    file.seek(0)
    if found is None or not any(ending in endings for endings in ENDINGS.values()):
        kinds = ", ".join(endings[0] for endings in ENDINGS.values())
        raise FileRefused(
            _("“%(name)s” is none of the files that are taken: %(kinds)s.")
            % {"name": name, "kinds": kinds}
        )
    if ending not in ENDINGS[found]:
        raise FileRefused(
            _(
                "“%(name)s” holds something else than its name says. "
                "Its name should end in .%(ending)s."
            )
            % {"name": name, "ending": ENDINGS[found][0]}
        )
    return found


def _by_content(file: IO[bytes], ending: str) -> str | None:
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    guess = filetype.guess(head)
    if guess is not None:
        return guess.mime if guess.mime in (PDF, PNG, JPEG, WEBP) else None
    if not _reads_as_text(head, file):
        return None
    return CSV if ending == "csv" else TEXT


def _office(file: IO[bytes]) -> str | None:
    """Workbooks and documents without macros; any other package is none of them."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        return None
    return next((kind for part, kind in _MAIN_PARTS.items() if part in parts), None)


def _reads_as_text(head: bytes, file: IO[bytes]) -> bool:
    """Whether all of it is text as people write it here: UTF-8, UTF-16 or GB 18030."""
    file.seek(0)
    content = file.read()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(content, "utf-16")
    if any(byte < 32 and byte not in _WHITESPACE for byte in content):
        return False
    return _decodes(content, "utf-8") or _decodes(content, "gb18030")


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
