"""What a word of a list may look like, and reading many of them from pasted text."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rules.models import LONGEST_WORD
from rules.operators import refuse


def clean_word(text: str) -> str:
    """The word as it is kept: single spaces, nothing invisible; its letters stay as typed.

    Raises ValidationError for nothing, too much, or a single Latin letter or digit, which would be
    found in nearly every address.
    """
    visible = "".join(" " if _is_space(char) else char for char in text if not _is_hidden(char))
    word = unicodedata.normalize("NFC", " ".join(visible.split()))
    if not word:
        raise refuse(_("Enter a word."))
    if len(word) > LONGEST_WORD:
        raise refuse(
            _("“%(word)s …” is longer than %(limit)s characters."),
            word=word[:20],
            limit=LONGEST_WORD,
        )
    if len(folded := fold(word)) == 1 and folded.isascii():
        raise refuse(_("“%(word)s” alone would be found in nearly every address."), word=word)
    return word


def read_words(text: str) -> list[str]:
    """The words of a pasted text, one per line, each once; empty lines are left out.

    Raises ValidationError with one message per bad line, each with its line number.
    """
    words: dict[str, str] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            word = clean_word(line)
        except ValidationError as error:
            words_of_line = {"number": number, "problem": " ".join(error.messages)}
            problems.append(_("Line %(number)s: %(problem)s") % words_of_line)
        else:
            words.setdefault(fold(word), word)
    if problems:
        raise ValidationError(problems)
    return list(words.values())


def fold(word: str) -> str:
    """Nearly what `rules.folding.folded` makes of it: enough to leave out repeated lines."""
    return unicodedata.normalize("NFKC", word).lower()


def _is_space(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) == "Zs"


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") and not char.isspace()
