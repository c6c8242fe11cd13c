"""What is sent about limits and accounts."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from credit.enums import LimitKind, LimitType, Security
from credit.limit_input import LimitInput
from credit.money import LARGEST
from staff.api.days import DayField

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2, "max_value": LARGEST}
SOME: dict[str, Any] = AMOUNT | {"min_value": Decimal("0.01")}


class ReasonIn(serializers.Serializer):
    """Why: it is kept."""

    reason = serializers.CharField(max_length=1000)


class LimitIn(serializers.Serializer):
    """A limit in the account's currency. Without a first day it begins today.

    A temporary limit has a last day; a secured one has that, its security and the share of the
    amount that is covered.
    """

    type = serializers.ChoiceField(LimitType.choices, default=LimitType.BASE.value)
    kind = serializers.ChoiceField(LimitKind.choices, default=LimitKind.AMOUNT.value)
    amount = serializers.DecimalField(**AMOUNT, min_value=Decimal(0), allow_null=True, default=None)
    valid_from = DayField(allow_null=True, default=None)
    valid_until = DayField(allow_null=True, default=None)
    security = serializers.ChoiceField([("", ""), *Security.choices], allow_blank=True, default="")
    covered_percent = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(100),
        allow_null=True,
        default=None,
    )
    reference = serializers.CharField(max_length=120, allow_blank=True, default="")


def limit_of(given: dict[str, Any]) -> LimitInput:
    """The limit among what was given, which keeps the rest."""
    return LimitInput(**{name: given.pop(name) for name in LimitInput.__slots__})


class LimitGrantIn(LimitIn, ReasonIn):
    """A limit that lets the customer use no more than before, and why."""
