"""Facts that are amounts: plain numbers, percentages and money."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Case, CharField, DecimalField, Expression, Field, Q, Value, When
from django.db.models.lookups import Exact, GreaterThan
from django.utils.translation import gettext as _

from rules import numerals
from rules.facts.base import Fact, Json, Label, Parameter, Source, typed
from rules.operators import CONTRARY, LOOKUPS, ORDERED, comparison, refuse

LARGEST_AMOUNT = Decimal("9999999999999.99")


@dataclass(frozen=True, kw_only=True, eq=False)
class Number(Fact):
    """A count or measure. Value: `"12.5"`, in the fact's own unit."""

    unit_label: Label = ""
    minimum: Decimal | int = -LARGEST_AMOUNT
    maximum: Decimal | int = LARGEST_AMOUNT
    decimals: int = 2

    kind: ClassVar[str] = "number"
    operators: ClassVar[tuple[str, ...]] = ORDERED

    def field(self) -> Field[Any, Any]:
        return DecimalField()

    def clean(self, operator: str, value: Json) -> Decimal:
        return numerals.read(
            value, minimum=self.minimum, maximum=self.maximum, decimals=self.decimals
        )

    def dump(self, operator: str, value: Decimal) -> Json:
        return str(value)

    def holds(self, operator: str, value: Decimal, at: datetime) -> Q:
        return Q(LOOKUPS[operator](self.column(at), Value(value, DecimalField())))

    def fails(self, operator: str, value: Decimal, at: datetime) -> Q:
        return self.holds(CONTRARY[operator], value, at)

    def phrase(self, operator: str, value: Any, *, holds: bool = True, blank: bool = False) -> str:
        operator = operator if holds else CONTRARY[operator]
        return comparison(operator, str(self.label), "…" if blank else self.write(value))

    def parameter(self, operator: str, value: Decimal, path: str) -> Parameter:
        return Parameter(
            path=path,
            fact=self,
            operator=operator,
            kind=self.kind,
            value=self.dump(operator, value),
            label=self.phrase(operator, value, blank=True),
            unit=self.unit(),
            minimum=self.minimum,
            maximum=self.maximum,
            decimals=self.decimals,
        )

    def seen(self, operator: str, value: Any, reading: Mapping[str, Any], at: datetime) -> Json:
        return None if reading["value"] is None else str(numerals.plain(reading["value"]))

    def show(self, seen: Json) -> str:
        return self.write(Decimal(seen))

    def unit(self) -> str:
        return str(self.unit_label)

    def write(self, value: Decimal) -> str:
        """The number with its unit, in the reader's language."""
        if not self.unit_label:
            return numerals.write(value)
        # Translators: a number and its unit, such as "12 pieces" or "5 %".
        return _("%(number)s %(unit)s") % {"number": numerals.write(value), "unit": self.unit()}


@dataclass(frozen=True, kw_only=True, eq=False)
class Percent(Number):
    """A percentage that is stored as one. Value: `"5"` means 5 %."""

    unit_label: Label = "%"
    minimum: Decimal | int = -1_000
    maximum: Decimal | int = 1_000

    kind: ClassVar[str] = "percent"


@dataclass(frozen=True, kw_only=True, eq=False)
class Ratio(Percent):
    """One amount in per cent of another: `source` is the part, `whole` what it is a part of.

    Compared by multiplication (part × 100 < value × whole), so nothing is divided or rounded.
    Where the whole is zero or negative the percentage means nothing: the outcome is missing.
    """

    whole: Source

    scale: ClassVar[Decimal] = Decimal(100)

    def holds(self, operator: str, value: Decimal, at: datetime) -> Q:
        part, whole = self.column(at), typed(self.whole, at, DecimalField())
        compared = LOOKUPS[operator](
            part * Value(self.scale, DecimalField()), Value(value, DecimalField()) * whole
        )
        return Q(GreaterThan(whole, Value(Decimal(0), DecimalField()))) & Q(compared)

    def readings(self, operator: str, value: Any, at: datetime) -> Mapping[str, Expression]:
        part, whole = self.column(at), typed(self.whole, at, DecimalField())
        share = part * Value(self.scale, DecimalField()) / whole
        known = Q(GreaterThan(whole, Value(Decimal(0), DecimalField())))
        return {"value": Case(When(known, then=share), output_field=DecimalField())}

    def seen(self, operator: str, value: Any, reading: Mapping[str, Any], at: datetime) -> Json:
        if reading["value"] is None:
            return None
        exact = reading["value"]
        rounded = exact.quantize(Decimal("0.01"))
        # 4.999 must not be shown as 5 beside the verdict that it is less than 5.
        return str(numerals.plain(exact if rounded == value != exact else rounded))


@dataclass(frozen=True, kw_only=True, eq=False)
class Multiple(Ratio):
    """How many times one amount is another. Value: `"2.5"` means two and a half times `whole`.

    `unit_label` reads after the number: "5 times the usual order".
    """

    unit_label: Label = "×"
    minimum: Decimal | int = 0

    scale: ClassVar[Decimal] = Decimal(1)
    kind: ClassVar[str] = "number"


@dataclass(frozen=True, kw_only=True, eq=False)
class Money(Number):
    """An amount in the currency that `currency` names.

    Value: `{"amount": "500.00", "currency": "CNY"}`.

    An amount in another currency cannot be compared: the outcome is missing, never false.
    `currencies` are the codes a condition may use; empty for any three-letter code.
    """

    currency: Source = field(default="currency")
    currencies: tuple[str, ...] = ()

    kind: ClassVar[str] = "money"

    def clean(self, operator: str, value: Json) -> Any:
        if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
            raise refuse(_("Give an amount and its currency."))
        code = value["currency"]
        known = not self.currencies or code in self.currencies
        if not isinstance(code, str) or not re.fullmatch("[A-Z]{3}", code) or not known:
            raise refuse(_("Choose a currency."))
        return super().clean(operator, value["amount"]), code

    def dump(self, operator: str, value: Any) -> Json:
        return {"amount": f"{value[0]:.2f}", "currency": value[1]}

    def holds(self, operator: str, value: Any, at: datetime) -> Q:
        amount, code = value
        same = Exact(typed(self.currency, at, CharField()), Value(code, CharField()))
        return Q(same) & super().holds(operator, amount, at)

    def parameter(self, operator: str, value: Any, path: str) -> Parameter:
        return Parameter(
            path=path,
            fact=self,
            operator=operator,
            kind=self.kind,
            value=self.dump(operator, value),
            label=self.phrase(operator, value, blank=True),
            minimum=self.minimum,
            maximum=self.maximum,
            decimals=self.decimals,
            units=tuple((code, code) for code in self.currencies or (value[1],)),
        )

    def readings(self, operator: str, value: Any, at: datetime) -> Mapping[str, Expression]:
        return {"value": self.column(at), "currency": typed(self.currency, at, CharField())}

    def seen(self, operator: str, value: Any, reading: Mapping[str, Any], at: datetime) -> Json:
        if reading["value"] is None or not reading["currency"]:
            return None
        return {"amount": f"{reading['value']:.2f}", "currency": reading["currency"]}

    def show(self, seen: Json) -> str:
        return self.write((Decimal(seen["amount"]), seen["currency"]))

    def write(self, value: Any) -> str:
        # Translators: an amount of money and its currency code, such as "500.00 CNY".
        return _("%(amount)s %(currency)s") % {
            "amount": numerals.write(value[0], 2),
            "currency": value[1],
        }
