"""Finding words anywhere in a text with the help of an ordinary index.

In Chinese two signs are a whole word, about which an index of trigrams has nothing to say, and its
extension may be missing. So the index is one of single signs and pairs of signs, in an array.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Lookup, Q, Value


class SearchGrams(Func):
    """Every sign and every pair of neighbours in a text, each once, by a function of ours."""

    function = "search_grams"
    output_field = ArrayField(models.TextField())


class GramsContain(Lookup[Any]):
    """All grams of the right are among those of the left."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @> {right}", (*left_params, *right_params)


def says(column: str, words: str) -> Q:
    """Rows whose `column`, in capitals, contains `words`; an index of its grams finds them."""
    capitals = words.upper()
    grams = Q(GramsContain(SearchGrams(F(column)), SearchGrams(Value(capitals))))
    return grams & Q(**{f"{column}__contains": capitals})
