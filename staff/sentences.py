"""What the product says, kept so that it can be said again in the language of each reader.

Where a refusal or a reason is made that is stored, `_` is `sentence`: it reads like any translated
text, in the language of whoever acts, and knows what it says apart from the language.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, override

from staff.listing import listed

# What is said, as JSON: a plain text or whole number, which is the same in every language; a list
# of sentences one after the other; or a text of the catalogue, with the values that go into it, or
# parts side by side.
Said = str | int | list[Any] | dict[str, Any]


class Sentence(str):
    """A text in the language in which it was made. `said` makes the same in any other.

    Only `%` with named values keeps that; every other operation on texts gives a plain one.
    """

    said: Said

    def __new__(cls, said: Said) -> "Sentence":
        made = super().__new__(cls, say(said))
        made.said = said
        return made

    def __mod__(self, values: Mapping[str, object]) -> "Sentence":
        if not isinstance(self.said, dict) or "say" not in self.said or "with" in self.said:
            raise TypeError("Only a text of the catalogue takes values, and only once")
        return Sentence(self.said | {"with": {name: said(each) for name, each in values.items()}})


def sentence(text: str) -> Sentence:
    """The text of the catalogue in the language of whoever acts. Import it as `_`."""
    return Sentence({"say": text})


def one_after_another(sentences: Iterable[str]) -> Sentence:
    """Whole sentences as one text."""
    return Sentence([said(each) for each in sentences])


def side_by_side(parts: Iterable[object]) -> Sentence:
    """Names or reasons as a list, set apart as the reader's language does."""
    return Sentence({"listed": [said(part) for part in parts]})


def said(value: object) -> Said:
    """What a value of a sentence says, as JSON.

    Labels that are translated when they are read are kept as texts of the catalogue. Figures other
    than whole numbers are kept as they are written, which is the same in every language.
    """
    if isinstance(value, Sentence):
        return value.said
    if isinstance(value, Promise):
        return {"say": unspoken(value)}
    return value if isinstance(value, int) else str(value)


def say(what: Said) -> str:
    """The words for it, in the language of whoever reads."""
    if isinstance(what, list):
        return " ".join(map(say, what))
    if not isinstance(what, dict):
        return str(what)
    if "listed" in what:
        return listed(map(say, what["listed"]))
    text = gettext(what["say"])
    return text % _spoken(what["with"]) if "with" in what else text


def unspoken(text: Sentence | Promise) -> str:
    """The text as the source code has it: the same whoever acts."""
    with override(None):
        return say(text.said) if isinstance(text, Sentence) else str(text)


def words_of(error: BaseException) -> str:
    """What an error says, as a sentence where it was raised with one; '' where it says nothing."""
    first = next(iter(error.args), "")
    return first if isinstance(first, Sentence) else str(error)


def kept(text: str) -> tuple[str, Said | None]:
    """What is stored of a text: as the source code has it, and what it says if it is a sentence."""
    return (unspoken(text), text.said) if isinstance(text, Sentence) else (text, None)


def again(text: str, what: Said | None) -> str:
    """What `kept` made, in the language of whoever reads; the words of a person as they are."""
    return text if what is None else Sentence(what)


def _spoken(values: Mapping[str, Said]) -> dict[str, Any]:
    return {name: each if isinstance(each, int) else say(each) for name, each in values.items()}
