"""Which column of a file means what: by name, as remembered, or as somebody says."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence

from orders.imports.enums import Kind
from orders.imports.fields import FIELDS
from orders.imports.synonyms import FLAG_WORDS, METHOD_WORDS, STATUS_WORDS, SYNONYMS

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")

# field code -> header as the file writes it
Columns = dict[str, str]


def fold(words: str) -> str:
    """`words` without what people write differently: case, width, spaces, marks, brackets."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    plain = _BRACKETS.sub("", plain) or plain
    return "".join(letter for letter in plain if letter.isalnum())


_FIELD_NAMES = {
    kind: {code: [fold(name) for name in (code, *names)] for code, names in fields.items()}
    for kind, fields in SYNONYMS.items()
}
_STATUS_WORDS = {fold(word): status for word, status in STATUS_WORDS.items()}
_FLAG_WORDS = {fold(word): flag for word, flag in FLAG_WORDS.items()}
_METHOD_WORDS = {fold(word): method for word, method in METHOD_WORDS.items()}


def status_of(word: str, chosen: Mapping[str, str]) -> str | None:
    """What a status word stands for, first as `chosen` (by folded word), then as is usual."""
    folded = fold(word)
    return chosen.get(folded) or _STATUS_WORDS.get(folded)


def method_of(word: str) -> str | None:
    """The payment method a word stands for, None if it is not known."""
    return _METHOD_WORDS.get(fold(word))


def flag_of(word: str) -> bool | None:
    """Whether a word says yes or no, None if it says neither."""
    return _FLAG_WORDS.get(fold(word))


def by_name(kind: str, headers: Sequence[str]) -> Columns:
    """The columns that can be told by their headers; each column is used once."""
    left = {fold(header): header for header in reversed(headers) if header}
    found: Columns = {}
    for code, names in _FIELD_NAMES[kind].items():
        name = next((name for name in names if name in left), None)
        if name:
            found[code] = left.pop(name)
    return found


def missing(kind: str, columns: Mapping[str, str]) -> list[str]:
    """Codes of the required fields that no column is mapped to."""
    return [f.code for f in FIELDS[kind] if f.required and f.code not in columns]


def guess_kind(headers: Sequence[str]) -> str | None:
    """The kind of file whose required columns are all there and of which most is recognised."""
    found = {kind: by_name(kind, headers) for kind in Kind.values}
    whole = {kind: len(columns) for kind, columns in found.items() if not missing(kind, columns)}
    return max(whole, key=lambda kind: whole[kind]) if whole else None


def key_of(headers: Sequence[str]) -> str:
    """The same for files with the same set of columns, whatever their order."""
    return hashlib.sha256("\n".join(sorted(fold(h) for h in headers)).encode()).hexdigest()
