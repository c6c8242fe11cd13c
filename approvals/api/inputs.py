"""What is sent about approval requests."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from approvals.bulk import AT_ONCE
from credit.api.inputs import LimitIn
from credit.money import LARGEST
from orders.conditions import LONGEST_TEXT, MOST_DAYS, ConditionInput
from orders.enums import ConditionKind
from staff.api.fields import ID

APPROVE, RETURN, REJECT = "approve", "return", "reject"
_LONGEST = 2000


class ConditionIn(serializers.Serializer):
    """A condition of the release, with the one figure that its kind asks for."""

    kind = serializers.ChoiceField(ConditionKind.choices)
    percent = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(100),
        required=False,
    )
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, required=False)
    amount = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=Decimal(0), max_value=LARGEST, required=False
    )
    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, default="")

    def to_internal_value(self, data: Any) -> Any:
        """The condition as the verb takes it."""
        values = super().to_internal_value(data)
        return ConditionInput(**values | {"kind": ConditionKind(values["kind"])})


class AnswerIn(serializers.Serializer):
    """An answer. `seen` is that of the request as it was read; conditions go with approve only."""

    answer = serializers.ChoiceField([APPROVE, RETURN, REJECT])
    comment = serializers.CharField(max_length=_LONGEST)
    seen = serializers.IntegerField(**ID)
    conditions = serializers.ListField(child=ConditionIn(), max_length=10, default=list)


class TextIn(serializers.Serializer):
    """Something that is said on the thread."""

    text = serializers.CharField(max_length=_LONGEST)


class QuestionIn(TextIn):
    """A question, of the salesperson unless somebody else is named by id."""

    to = serializers.IntegerField(**ID, required=False)


class ChosenIn(serializers.Serializer):
    """Requests that are looked at together."""

    requests = serializers.ListField(
        child=serializers.IntegerField(**ID), min_length=1, max_length=AT_ONCE
    )


class SeenIn(serializers.Serializer):
    """A request, and the figures of it that were read."""

    id = serializers.IntegerField(**ID)
    seen = serializers.IntegerField(**ID)


class DecideManyIn(serializers.Serializer):
    """One answer with one comment for several requests."""

    requests = serializers.ListField(child=SeenIn(), min_length=1, max_length=AT_ONCE)
    answer = serializers.ChoiceField([APPROVE, REJECT])
    comment = serializers.CharField(max_length=_LONGEST)


class LimitRequestIn(LimitIn):
    """A limit that is asked for, and why."""

    customer = serializers.CharField(max_length=40, help_text="The code of the customer.")
    justification = serializers.CharField(max_length=1000)
