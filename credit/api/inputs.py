"""What is sent about customers, limits and accounts."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from credit.enums import CustomerStatus, LimitKind, LimitType, Security
from credit.limit_input import LimitInput
from credit.models import Industry, Segment
from credit.money import CURRENCIES, LARGEST
from credit.scoring.enums import ExternalRating
from staff.api.fields import CodeField, DayField, PersonField
from staff.api.inputs import ReasonIn

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2, "max_value": LARGEST}
SOME: dict[str, Any] = AMOUNT | {"min_value": Decimal("0.01")}


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


class CustomerChangeIn(serializers.Serializer):
    """Master data of a customer; what is left out stays as it is."""

    name = serializers.CharField(max_length=200, required=False)
    segment = CodeField(Segment.objects.all, required=False)
    owner = PersonField(required=False)
    payment_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    status = serializers.ChoiceField(CustomerStatus.choices, required=False)
    status_reason = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    vip = serializers.BooleanField(required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    ship_to_name = serializers.CharField(max_length=120, allow_blank=True, required=False)
    ship_to_address = serializers.CharField(max_length=300, allow_blank=True, required=False)
    country = serializers.CharField(max_length=60, allow_blank=True, required=False)
    founded_on = DayField(allow_null=True, required=False)
    annual_revenue = serializers.DecimalField(
        **AMOUNT, min_value=Decimal(0), allow_null=True, required=False
    )
    employees = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, allow_null=True, required=False
    )
    external_rating = serializers.ChoiceField(
        [("", ""), *ExternalRating.choices], allow_blank=True, required=False
    )
    industry = CodeField(Industry.objects.all, allow_blank=True, required=False)


class CustomerIn(CustomerChangeIn):
    """A new customer."""

    code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=200)
    segment = CodeField(Segment.objects.all)
    owner = PersonField()


class OpenAccountIn(serializers.Serializer):
    """The currency of the account, which stays. It begins without credit."""

    currency = serializers.ChoiceField(CURRENCIES)


class ReviewIn(serializers.Serializer):
    """By when the credit is to be reviewed; null for no such day. Putting it off needs a reason."""

    review_on = DayField(allow_null=True)
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class JoinIn(ReasonIn):
    """Under whom the customer belongs, by code, and why."""

    parent = serializers.CharField(max_length=40)  # type: ignore[assignment]
