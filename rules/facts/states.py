"""Facts that are one of a few values: yes or no, or a choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import BooleanField, CharField, Field, Q
from django.db.models.lookups import Exact, In
from django.utils.translation import gettext as _

from rules.facts.base import Fact, Json, Label, Parameter
from rules.operators import one_of, refuse


@dataclass(frozen=True, kw_only=True, eq=False)
class YesNo(Fact):
    """What is said with yes or no, whatever column stands behind it. Operator `is`."""

    yes: Label
    no: Label

    kind: ClassVar[str] = "boolean"
    operators: ClassVar[tuple[str, ...]] = ("is",)

    def clean(self, operator: str, value: Json) -> bool:
        if not isinstance(value, bool):
            raise refuse(_("Choose yes or no."))
        return value

    def dump(self, operator: str, value: bool) -> Json:
        return value

    def phrase(self, operator: str, value: bool, *, holds: bool = True, blank: bool = False) -> str:
        return str(self.yes if value == holds else self.no)


@dataclass(frozen=True, kw_only=True, eq=False)
class Boolean(YesNo):
    """Yes or no. Operator `is`, value true or false.

    `yes` and `no` read "on hold" and "not on hold" inside a sentence. NULL is missing data.
    """

    def field(self) -> Field[Any, Any]:
        return BooleanField()

    def holds(self, operator: str, value: bool, at: datetime) -> Q:
        return Q(Exact(self.column(at), value))

    def fails(self, operator: str, value: bool, at: datetime) -> Q:
        return Q(Exact(self.column(at), not value))

    def show(self, seen: Json) -> str:
        return _("yes") if seen else _("no")


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice(Fact):
    """One of some codes. Operator `is_one_of`, value a list of codes; NULL is missing data."""

    choices: tuple[tuple[str, Label], ...]

    kind: ClassVar[str] = "choice"
    operators: ClassVar[tuple[str, ...]] = ("is_one_of",)

    def field(self) -> Field[Any, Any]:
        return CharField()

    def clean(self, operator: str, value: Json) -> list[str]:
        known = dict(self.choices)
        if not isinstance(value, list) or not value:
            raise refuse(_("Choose at least one value."))
        for code in value:
            if not isinstance(code, str) or code not in known:
                raise refuse(_("“%(code)s” is not one of the choices."), code=code)
        return [code for code in known if code in value]

    def dump(self, operator: str, value: list[str]) -> Json:
        return list(value)

    def holds(self, operator: str, value: list[str], at: datetime) -> Q:
        return Q(In(self.column(at), value))

    def fails(self, operator: str, value: list[str], at: datetime) -> Q:
        return Q(~In(self.column(at), value))

    def phrase(self, operator: str, value: Any, *, holds: bool = True, blank: bool = False) -> str:
        labels = dict(self.choices)
        row = "…" if blank else one_of([str(labels[code]) for code in value])
        words = {"fact": str(self.label), "value": row}
        if holds:
            return _("%(fact)s is %(value)s") % words
        return _("%(fact)s is not %(value)s") % words

    def parameter(self, operator: str, value: list[str], path: str) -> Parameter:
        return Parameter(
            path=path,
            fact=self,
            operator=operator,
            kind=self.kind,
            value=self.dump(operator, value),
            label=self.phrase(operator, value, blank=True),
            choices=self.choices,
        )

    def seen(self, operator: str, value: Any, reading: Mapping[str, Any], at: datetime) -> Json:
        return reading["value"]

    def show(self, seen: Json) -> str:
        return str(dict(self.choices).get(seen, seen))
