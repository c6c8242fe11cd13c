"""What is sent about tickets."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from exceptions.process.enums import Outcome
from exceptions.process.forms import LONGEST
from exceptions.process.lifecycle import ClosingRecord
from exceptions.process.models import Cause
from exceptions.triage.enums import Severity
from staff.api.fields import ID, CodeField
from staff.models import Department


def _offered() -> Any:
    return Cause.objects.filter(active=True)


class TicketIn(serializers.Serializer):
    """A ticket about an order, for something that no rule saw."""

    order = serializers.IntegerField(**ID)
    summary = serializers.CharField(max_length=300)
    severity = serializers.ChoiceField(Severity.choices, default=Severity.P3.value)
    department = CodeField(Department.objects.all, help_text="The code of the department.")


class AssignIn(serializers.Serializer):
    """Whom to give the ticket to, by id; nobody named is oneself."""

    assignee = serializers.IntegerField(**ID, required=False)


class CommentIn(serializers.Serializer):
    """What to write on the ticket."""

    text = serializers.CharField(max_length=LONGEST)


class WhyIn(serializers.Serializer):
    """Why: it is kept."""

    reason = serializers.CharField(max_length=LONGEST)


class CloseIn(serializers.Serializer):
    """The closing record; `reason` is for false positives."""

    outcome = serializers.ChoiceField(Outcome.choices)
    cause = CodeField(_offered, help_text="The code of the confirmed cause.")
    action = serializers.CharField(max_length=LONGEST)
    result = serializers.CharField(max_length=LONGEST)
    reason = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError for a false positive without a reason."""
        if attrs["outcome"] == Outcome.FALSE_POSITIVE and not attrs["reason"].strip():
            raise ValidationError({"reason": [_("Say why it was a false positive.")]})
        return attrs


class TakeIn(serializers.Serializer):
    """Tickets to take."""

    tickets = serializers.ListField(
        child=serializers.IntegerField(**ID), min_length=1, max_length=100
    )


def record_of(given: dict[str, Any]) -> ClosingRecord:
    """The closing record as the verb takes it."""
    values = dict(given)
    return ClosingRecord(cause_id=values.pop("cause").pk, **values)
