"""Which column of a file means what: by name, as remembered, or as somebody says."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from django.conf import settings
from django.utils import translation

from orders.imports.enums import Kind
from orders.imports.fields import FIELDS, Field
from orders.imports.headings import EXPORTED
from orders.imports.synonyms import SYNONYMS
from orders.imports.value_words import FLAG_WORDS, METHOD_WORDS, STATUS_WORDS

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")

# The column that a file of bad rows has besides its own: what is wrong with each row.
WHY = {"en": "What is wrong", "zh-hans": "问题", "zh-hant": "問題"}
# So many columns of a kind are no coincidence.
LEAST_KNOWN = 3
# field code -> header as the file writes it
Columns = dict[str, str]


def fold(words: str) -> str:
    """`words` without what people write differently: case, width, spaces, marks, brackets."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    plain = _BRACKETS.sub("", plain) or plain
    return "".join(letter for letter in plain if letter.isalnum())


@cache
def _field_names(kind: str) -> dict[str, list[str]]:
    """The folded names of each field: what shops call it, then what we do, in each language."""
    names = {
        code: [fold(name) for name in (code, *known)]
        for code, known in SYNONYMS[Kind(kind)].items()
    }
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for field in FIELDS[kind]:
                ours = (field.label, *EXPORTED.get(Kind(kind), {}).get(field.code, ()))
                names.setdefault(field.code, []).extend(fold(str(label)) for label in ours)
    return names


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


@cache
def words_of(field: Field) -> dict[str, str]:
    """The codes of a field that takes a word, by folded code and label in each language."""
    known: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {fold(str(label)): code for code, label in field.words}
    return known | {fold(code): code for code, _label in field.words}


def by_name(kind: str, headers: Sequence[str]) -> Columns:
    """The columns that can be told by their headers; each column is used once."""
    left = {fold(header): header for header in reversed(headers) if header}
    found: Columns = {}
    for code, names in _field_names(kind).items():
        name = next((name for name in names if name in left), None)
        if name:
            found[code] = left.pop(name)
    return found


def missing(kind: str, columns: Mapping[str, str]) -> list[str]:
    """Codes of the required fields that no column is mapped to."""
    return [f.code for f in FIELDS[kind] if f.required and f.code not in columns]


def guess_kind(headers: Sequence[str], kinds: Collection[str] = tuple(Kind)) -> str | None:
    """The kind, of `kinds`, whose required columns are all there and of which most is recognised.

    A kind that lacks one is the better guess where it knows more of the columns, and either all of
    them or, of those, the first knows but half: an invoice without its date is no credit limit
    because both name a customer.
    """
    known = {str(kind): len(by_name(kind, headers)) for kind in kinds}
    whole = [kind for kind in known if not missing(kind, by_name(kind, headers))]
    best = max(whole, key=lambda kind: known[kind], default=None)
    fullest = max(known, key=lambda kind: known[kind], default=None)
    named = len([header for header in headers if header])
    if fullest is None or known[fullest] < max(LEAST_KNOWN, named / 2):
        return best
    if best and known[best] > named / 2 and known[fullest] < named:
        return best
    return best if best and known[best] == known[fullest] else fullest


def key_of(headers: Sequence[str]) -> str:
    """The same for files with the same set of columns, whatever their order.

    A file of bad rows counts as the file they are from.
    """
    names = sorted(fold(header) for header in headers if header not in WHY.values())
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
