"""Tickets as the API shows them."""

from typing import Any

from rest_framework import serializers

from credit.api.parties import PartySerializer
from exceptions.process.enums import Outcome, TicketState
from exceptions.process.models import Cause, Comment, Ticket
from exceptions.triage.enums import Severity
from staff.api.people import DepartmentSerializer, WhoSerializer


class CauseSerializer(serializers.ModelSerializer):
    """A root cause that closing records name by its code."""

    class Meta:
        model = Cause
        fields = ("code", "name", "category", "active")


class TicketOrderSerializer(serializers.Serializer):
    """The order that a ticket is about."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    customer = PartySerializer()


class TicketSummarySerializer(serializers.ModelSerializer):
    """A ticket in a list. `due_at` is the deadline that counts now, `standing` how it stands."""

    title = serializers.CharField()
    state = serializers.ChoiceField(TicketState.choices)
    severity = serializers.ChoiceField(Severity.choices)
    rule = serializers.IntegerField(source="rule_id", allow_null=True)
    order = TicketOrderSerializer(allow_null=True)
    department = DepartmentSerializer()
    assignee = WhoSerializer(allow_null=True)
    standing = serializers.CharField(source="clock.standing")

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = (
            "id",
            "number",
            "state",
            "title",
            "severity",
            "rule",
            "subject",
            "order",
            "department",
            "assignee",
            "opened_at",
            "due_at",
            "standing",
            "cleared_at",
            "closed_at",
            "outcome",
        )


class SeenSerializer(serializers.Serializer):
    """One fact that the rule asked about: what it was, and what it was compared with."""

    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()
    comparison = serializers.CharField()


class CommentSerializer(serializers.ModelSerializer):
    """What somebody wrote on a ticket."""

    by = WhoSerializer()

    class Meta:
        model = Comment
        fields = ("id", "by", "at", "text")


class HappenedSerializer(serializers.Serializer):
    """One thing that happened to the ticket, in the caller's language."""

    at = serializers.DateTimeField()
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    who = serializers.SerializerMethodField()

    def get_who(self, event: Any) -> str:
        """Who did it."""
        return str(event["who"])


class TicketSerializer(TicketSummarySerializer):
    """One ticket with all that belongs to it. `actions` are the verbs the caller may use now."""

    rule_version = serializers.IntegerField(
        source="rule_version.number", default=None, allow_null=True
    )
    opened_by = WhoSerializer(allow_null=True)
    closed_by = WhoSerializer(allow_null=True)
    wrong_by = WhoSerializer(allow_null=True)
    outcome = serializers.ChoiceField([("", ""), *Outcome.choices])
    cause = CauseSerializer(allow_null=True)
    seen = SeenSerializer(many=True)
    comments = CommentSerializer(many=True)
    timeline = HappenedSerializer(many=True)
    actions = serializers.ListField(child=serializers.CharField())

    class Meta(TicketSummarySerializer.Meta):
        fields = (
            *TicketSummarySerializer.Meta.fields,
            "summary",
            "rule_version",
            "opened_by",
            "respond_due_at",
            "resolve_due_at",
            "first_response_at",
            "closed_by",
            "cause",
            "action",
            "result",
            "reason",
            "wrong_at",
            "wrong_by",
            "wrong_reason",
            "seen",
            "comments",
            "timeline",
            "actions",
        )


class TakenTicketSerializer(serializers.Serializer):
    """What became of one ticket; `problem` is empty where it is the caller's now."""

    id = serializers.IntegerField()
    problem = serializers.CharField(allow_blank=True)


class TakenTicketsSerializer(serializers.Serializer):
    """The tickets that were named and may be seen."""

    results = TakenTicketSerializer(many=True)


class PeopleSerializer(serializers.Serializer):
    """People."""

    results = WhoSerializer(many=True)
