"""Facts that are texts: addresses, names, notes."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Expression, Field, Q, TextField, Value
from django.db.models.lookups import Exact, GreaterThan, IsNull
from django.utils.translation import gettext as _

from rules.facts.base import Fact, Json, Parameter, typed
from rules.folding import LikeAny, Position, folded
from rules.models import Word, WordList
from rules.operators import in_a_row, refuse

CONTAINS = "contains"
EQUALS = "equals"
CONTAINS_ANY_OF = "contains_any_of"
LONGEST_TEXT = 100


@dataclass(frozen=True, kw_only=True, eq=False)
class Text(Fact):
    """A text, compared without regard to case or to full and half width.

    `contains` and `equals` take a string, `contains_any_of` takes `{"word_list": code}` and uses
    the words the list has now. NULL is missing data; an empty text is known to contain nothing.
    Where an empty text means that nobody filled it in, declare `NullIf(column, Value(""))`.
    `stored_fold` names a column that holds `rules.folding.folded(source)` already, if there is one
    (a GeneratedField): looking for words then costs half.
    """

    stored_fold: str = ""

    kind: ClassVar[str] = "text"
    operators: ClassVar[tuple[str, ...]] = (CONTAINS_ANY_OF, CONTAINS, EQUALS)

    def field(self) -> Field[Any, Any]:
        return TextField()

    def clean(self, operator: str, value: Json) -> Any:
        if operator == CONTAINS_ANY_OF:
            return self._clean_word_list(value)
        if not isinstance(value, str) or not value.strip() or "\x00" in value:
            raise refuse(_("Enter a word."))
        text = unicodedata.normalize("NFC", value.strip())
        if len(text) > LONGEST_TEXT:
            raise refuse(_("Enter at most %(limit)s characters."), limit=LONGEST_TEXT)
        return text

    def _clean_word_list(self, value: Json) -> WordList:
        code = value.get("word_list") if isinstance(value, dict) and len(value) == 1 else None
        found = WordList.objects.filter(code=code).first() if isinstance(code, str) else None
        if found is None:
            raise refuse(_("Choose a word list."))
        return found

    def dump(self, operator: str, value: Any) -> Json:
        return {"word_list": value.code} if operator == CONTAINS_ANY_OF else value

    def holds(self, operator: str, value: Any, at: datetime) -> Q:
        return Q(IsNull(self.column(at), False)) & Q(self._match(operator, value, at))

    def fails(self, operator: str, value: Any, at: datetime) -> Q:
        return Q(IsNull(self.column(at), False)) & Q(~self._match(operator, value, at))

    def _match(self, operator: str, value: Any, at: datetime) -> Expression:
        text = self._folded(at)
        if operator == CONTAINS_ANY_OF:
            return LikeAny(text, Word.objects.filter(word_list=value).patterns())
        sought = folded(Value(value, TextField()))
        if operator == EQUALS:
            return Exact(text, sought)
        return GreaterThan(Position(text, sought), Value(0))

    def _folded(self, at: datetime) -> Expression:
        if self.stored_fold:
            return typed(self.stored_fold, at, TextField())
        return folded(self.column(at))

    def phrase(self, operator: str, value: Any, *, holds: bool = True, blank: bool = False) -> str:
        words = {"fact": str(self.label), "value": "…" if blank else str(value)}
        if operator == CONTAINS_ANY_OF and holds:
            return _("%(fact)s contains a word of the list “%(value)s”") % words
        if operator == CONTAINS_ANY_OF:
            return _("%(fact)s contains no word of the list “%(value)s”") % words
        if operator == CONTAINS and holds:
            return _("%(fact)s contains “%(value)s”") % words
        if operator == CONTAINS:
            return _("%(fact)s does not contain “%(value)s”") % words
        if holds:
            return _("%(fact)s is “%(value)s”") % words
        return _("%(fact)s is not “%(value)s”") % words

    def parameter(self, operator: str, value: Any, path: str) -> Parameter:
        lists = WordList.objects.all() if operator == CONTAINS_ANY_OF else ()
        return Parameter(
            path=path,
            fact=self,
            operator=operator,
            kind="word_list" if operator == CONTAINS_ANY_OF else "text",
            value=self.dump(operator, value),
            label=self.phrase(operator, value, blank=True),
            maximum=LONGEST_TEXT,
            choices=tuple((each.code, each.name) for each in lists),
        )

    def readings(self, operator: str, value: Any, at: datetime) -> Mapping[str, Expression]:
        return {"value": self.column(at), "folded": self._folded(at)}

    def seen(self, operator: str, value: Any, reading: Mapping[str, Any], at: datetime) -> Json:
        if reading["value"] is None:
            return None
        words = value.found_in(reading["folded"]) if operator == CONTAINS_ANY_OF else []
        return {"text": reading["value"], "words": words}

    def show(self, seen: Json) -> str:
        if not seen["words"]:
            return str(seen["text"]) or _("empty")
        return _("%(text)s (contains %(words)s)") % {
            "text": seen["text"],
            "words": in_a_row([f"“{word}”" for word in seen["words"]]),
        }
