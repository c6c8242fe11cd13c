"""Comparing texts without regard to case or width, by one definition: PostgreSQL's.

Words and the texts they are looked for in are folded by the same SQL, so that what is stored as
unique is also what matches: NFKC turns full-width letters and digits into ordinary ones, then
lower case. Simplified and traditional Chinese stay different characters.
"""

from typing import Any

from django.db.models import BooleanField, CharField, Func, IntegerField, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Lower, Replace


class Normalized(Func):
    """NFKC of a text. Immutable in PostgreSQL, so it may be generated and indexed.

    Most texts are normal already, and asking is three times cheaper than normalizing.
    """

    template = (
        "CASE WHEN %(expressions)s IS NFKC NORMALIZED THEN %(expressions)s "
        "ELSE normalize(%(expressions)s, NFKC) END"
    )
    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        """The template names its one argument three times, so its parameters go in thrice."""
        sql, params = super().as_sql(compiler, connection, *args, **context)
        return sql, tuple(params) * 3


def folded(text: Combinable | str) -> Lower:
    """The form in which texts are compared."""
    return Lower(Normalized(text))


def pattern(text: Combinable | str) -> Concat:
    """A LIKE pattern for texts that contain the folded text, which may hold %, _ and \\ itself."""
    escaped: Combinable | str = text
    for special in ("\\", "%", "_"):
        escaped = Replace(escaped, Value(special), Value("\\" + special))
    return Concat(Value("%"), escaped, Value("%"), output_field=CharField())


class Position(Func):
    """Where the second text begins in the first, counted from 1; 0 where it is not in it."""

    function = "strpos"
    output_field = IntegerField()


class LikeAny(Func):
    """Whether a text is like any pattern of an array; false, not NULL, for an empty array."""

    template = "(%(expressions)s))"
    arg_joiner = " LIKE ANY ("
    output_field = BooleanField()
