"""Recognising files by their columns, and remembering how they were read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from orders.imports.enums import Encoding
from orders.imports.mapping import by_name, guess_kind, key_of
from orders.imports.options import REMEMBERED, Options
from orders.imports.reading import BadLine
from orders.imports.rights import kinds_for
from orders.models import ImportFile, ImportMemory, ImportRun

_CHINESE = [str(Encoding.GB18030), str(Encoding.BIG5)]
# So many rows show how the letters of a file are written.
PROBED = 50


def recognise(files: Sequence[ImportFile]) -> Options:
    """Fill in what the files hold and what their columns mean; the choices made the last time.

    A file that cannot be read is left without columns; checking it says why.
    """
    options = Options()
    for file in files:
        try:
            _settle_encoding(file)
            file.tabs = file.sheet.tabs()
            file.tab = file.tabs[0] if file.tabs else ""
            file.headers = file.sheet.headers()
        except BadLine:
            file.save()
            continue
        known = _recall(file.headers)
        if known:
            file.kind, file.columns = known.kind, known.columns
            options = _with(options, known.choices)
            known_file = {name: known.choices.get(name) for name in ("encoding", "delimiter")}
            file.encoding = known_file["encoding"] or file.encoding
            file.delimiter = known_file["delimiter"] or file.delimiter
            _settle_encoding(file)
        else:
            file.kind = guess_kind(file.headers, _kinds(file)) or ""
            file.columns = by_name(file.kind, file.headers) if file.kind else {}
        file.save()
    return options


def _kinds(file: ImportFile) -> list[str]:
    return [code for code, _label in kinds_for(file.run.created_by)]


def _settle_encoding(file: ImportFile) -> None:
    """Where the beginning is not in the file's encoding, take the Chinese one that makes sense."""
    try:
        list(islice(file.sheet.rows(), PROBED))
    except BadLine as error:
        likely = str(error.figures.get("likely", "")).lower()
        asked = [likely, *_CHINESE] if likely in _CHINESE else _CHINESE
        if error.code == "bad_encoding":
            known = next((name for name in asked if _is_known(file, name)), "")
            file.encoding = known or (likely if likely in _CHINESE else file.encoding)


def _is_known(file: ImportFile, encoding: str) -> bool:
    try:
        headers = replace(file.sheet, encoding=encoding).headers()
    except BadLine:
        return False
    return guess_kind(headers, _kinds(file)) is not None


def remember(run: ImportRun, at: datetime) -> None:
    """Keep how the files of a finished import were read, for the next ones with these columns."""
    choices = {name: run.choices[name] for name in REMEMBERED}
    for file in run.files.all():
        ImportMemory.objects.update_or_create(
            kind=file.kind,
            headers_key=key_of(file.headers),
            defaults={
                "columns": file.columns,
                "choices": choices | {"encoding": file.encoding, "delimiter": file.delimiter},
                "updated_at": at,
            },
        )


def _recall(headers: Sequence[str]) -> ImportMemory | None:
    """How a file with these columns was read last; None if any of its columns is gone."""
    known = ImportMemory.objects.filter(headers_key=key_of(headers)).order_by("-updated_at")
    return next((m for m in known if set(m.columns.values()) <= set(headers)), None)


def _with(options: Options, choices: dict[str, object]) -> Options:
    # Only what concerns orders is worth keeping from file to file.
    chosen = {name: choices[name] for name in REMEMBERED if choices.get(name)}
    return replace(options, **chosen)  # type: ignore[arg-type]
