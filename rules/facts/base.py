"""What all facts have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Expression, ExpressionWrapper, F, Field, Q
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

# A column path, an expression, or a function of the moment that returns an expression.
Source = str | Combinable | Callable[[datetime], Combinable]
# Text that is translated when it is shown.
Label = str | Promise
# What `json` reads and writes; amounts are strings.
Json = Any


@dataclass(frozen=True, kw_only=True, eq=False)
class Parameter:
    """A value in a condition that a person may change without changing the condition's shape.

    `path` says where it is in the tree, `label` reads like "paid more than … ago", `value` is in
    the same JSON form as in the condition. `units` and `choices` are (code, label) pairs to choose
    from.
    """

    path: str
    fact: "Fact"
    operator: str
    kind: str
    value: Json
    label: str
    unit: str = ""
    minimum: Any = None
    maximum: Any = None
    decimals: int = 0
    units: tuple[tuple[str, Label], ...] = ()
    choices: tuple[tuple[str, Label], ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Fact:
    """One thing a rule may ask.

    `name` is stored in conditions and never changes ("order.margin"); `label` is a noun in lower
    case as it stands inside a sentence; `source` must use only what was known at the moment.
    A subclass defines which operators it answers, the JSON form of their values, the SQL of *holds*
    and *fails* (both false where there is no data), and how a comparison reads.
    `of_others` says that the answer depends on other rows of the subject: rows that change together
    must then be asked one after the other.
    """

    name: str
    label: Label
    source: Source
    # What of it keeps no history, so that it counts as it is now whatever the moment.
    as_now: Label = ""
    of_others: bool = False

    kind: ClassVar[str]
    operators: ClassVar[tuple[str, ...]]

    def column(self, at: datetime) -> Expression:
        """The fact's SQL expression as of `at`; NULL where there is no data."""
        return typed(self.source, at, self.field())

    def field(self) -> Field[Any, Any]:
        raise NotImplementedError

    def clean(self, operator: str, value: Json) -> Any:
        """The typed form of a condition's JSON `value`. Raises ValidationError."""
        raise NotImplementedError

    def dump(self, operator: str, value: Any) -> Json:
        """The canonical JSON form of a cleaned value."""
        raise NotImplementedError

    def holds(self, operator: str, value: Any, at: datetime) -> Q:
        """SQL that is true exactly where the comparison is known to be true."""
        raise NotImplementedError

    def fails(self, operator: str, value: Any, at: datetime) -> Q:
        """SQL that is true exactly where the comparison is known to be false."""
        raise NotImplementedError

    def phrase(self, operator: str, value: Any, *, holds: bool = True, blank: bool = False) -> str:
        """The comparison or its contrary in a sentence; `blank` writes … for the value."""
        raise NotImplementedError

    def parameter(self, operator: str, value: Any, path: str) -> Parameter | None:
        """How a person may edit the value, or None where it is not a threshold."""
        return None

    def readings(self, operator: str, value: Any, at: datetime) -> Mapping[str, Expression]:
        """The columns that show what the rule saw, by a short name each."""
        return {"value": self.column(at)}

    def seen(self, operator: str, value: Any, reading: Mapping[str, Any], at: datetime) -> Json:
        """JSON form of one row of `readings`; None where there was no data."""
        return reading["value"]

    def show(self, seen: Json) -> str:
        """What was seen, in the reader's language."""
        return str(seen)

    def unit(self) -> str:
        """The unit of what is seen, in the reader's language; empty if it has none."""
        return ""


def typed(source: Source, at: datetime, field: Field[Any, Any]) -> Expression:
    if isinstance(source, str):
        return ExpressionWrapper(F(source), output_field=field)
    if isinstance(source, Combinable):
        return ExpressionWrapper(source, output_field=field)
    return ExpressionWrapper(source(at), output_field=field)
