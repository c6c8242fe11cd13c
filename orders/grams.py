"""Finding words anywhere in a text with the help of an ordinary index.

In Chinese two signs are a whole word, about which an index of trigrams has nothing to say, and its
extension may be missing. So the index is one of single signs, pairs and threes, in an array; and of
six digits, because any three are in many telephone numbers.
"""

import re
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Lookup, Q, Value

_LONGEST = 3
_LONGEST_OF_DIGITS = 6
_NUMBERS = re.compile(r"([0-9]{6,})")
_GRAMS = ArrayField(models.TextField())


class SearchGrams(Func):
    """Every sign, two and three neighbours and six digits of a text, by a function of ours."""

    function = "search_grams"
    output_field = _GRAMS


class GramsContain(Lookup[Any]):
    """All grams of the right are among those of the left."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @> {right}::text[]", (*left_params, *right_params)


def says(column: str, words: str) -> Q:
    """Rows whose `column`, in capitals, contains `words`; an index of its grams finds them."""
    capitals = words.upper()
    grams = Value(_longest_grams(capitals), output_field=_GRAMS)
    return Q(GramsContain(SearchGrams(F(column)), grams)) & Q(**{f"{column}__contains": capitals})


def _longest_grams(words: str) -> list[str]:
    """The grams that say most: a text that has them has the shorter ones in them, too."""
    *between, last = _NUMBERS.split(words)
    if not between:
        return sorted(_cut(last, min(_LONGEST, len(last))))
    numbers = [gram for number in between[1::2] for gram in _cut(number, _LONGEST_OF_DIGITS)]
    others = [gram for text in [*between[::2], last] for gram in _cut(text, _LONGEST)]
    return sorted({*numbers, *others})


def _cut(text: str, length: int) -> set[str]:
    """All grams of that length."""
    return {text[place : place + length] for place in range(len(text) - length + 1)}
