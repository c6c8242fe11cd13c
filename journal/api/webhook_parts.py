"""Webhooks and their messages as the API shows them, and what is sent about them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from journal.models import WebhookAttempt, WebhookEndpoint, WebhookMessage, WebhookSecret
from journal.webhooks import signing
from journal.webhooks.enums import EndpointState, MessageState
from staff.api.fields import ID
from staff.api.people import WhoSerializer

AT_ONCE = 200


class WebhookSerializer(serializers.ModelSerializer):
    """A webhook. Paused, its messages wait; switched off, none are written."""

    created_by = WhoSerializer()
    state = serializers.ChoiceField(EndpointState.choices)
    stop = serializers.CharField(allow_blank=True, help_text="Why it is not on.")

    class Meta:
        model = WebhookEndpoint
        fields: tuple[str, ...] = (
            "id",
            "url",
            "description",
            "topics",
            "state",
            "stop",
            "created_by",
            "created_at",
            "delivered_at",
            "failures",
            "failing_since",
            "rest_until",
        )


class WebhookSecretSerializer(serializers.Serializer):
    """The secret that signs from now on: it is told here, and never again."""

    webhook = serializers.IntegerField(source="endpoint_id")
    secret = serializers.SerializerMethodField()

    def get_secret(self, secret: WebhookSecret) -> str:
        """The secret as its receiver needs it."""
        return signing.words(secret)


class WebhookMessageSerializer(serializers.ModelSerializer):
    """One message; it keeps its `webhook_id` however often it is sent."""

    webhook = serializers.IntegerField(source="endpoint_id")
    entry = serializers.IntegerField(source="entry_id", help_text="The entry of the journal.")
    webhook_id = serializers.CharField()
    state = serializers.ChoiceField(MessageState.choices)
    cause = serializers.CharField(allow_blank=True, help_text="Why it did not arrive.")

    class Meta:
        model = WebhookMessage
        fields: tuple[str, ...] = (
            "id",
            "webhook",
            "webhook_id",
            "entry",
            "topic",
            "state",
            "cause",
            "attempts",
            "created_at",
            "next_at",
            "ended_at",
        )


class AttemptSerializer(serializers.ModelSerializer):
    """One try to send a message. Without `ended_at` nobody knows what came of it."""

    class Meta:
        model = WebhookAttempt
        fields = (
            "number",
            "at",
            "ended_at",
            "cause",
            "status",
            "milliseconds",
            "answer",
            "error",
        )


class WholeMessageSerializer(WebhookMessageSerializer):
    """A message with its body as it leaves, and the latest tries to send it, at most 50."""

    body = serializers.CharField()
    tried = AttemptSerializer(many=True)

    class Meta(WebhookMessageSerializer.Meta):
        fields = (*WebhookMessageSerializer.Meta.fields, "body", "tried")


class WebhookIn(serializers.Serializer):
    """Where a webhook leads, and the events that it is told: codes, or all of a kind: `order.*`."""

    url = serializers.CharField(max_length=500)
    description = serializers.CharField(max_length=200)
    topics = serializers.ListField(
        child=serializers.CharField(max_length=60), min_length=1, max_length=500
    )


class RotateIn(serializers.Serializer):
    """Whether the old secret ends at once, as somebody else may know it."""

    at_once = serializers.BooleanField(default=False)


class ReplayIn(serializers.Serializer):
    """Messages of the webhook by their ids, or all that were given up and written `since`."""

    messages = serializers.ListField(
        child=serializers.IntegerField(**ID), min_length=1, max_length=AT_ONCE, required=False
    )
    since = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError unless exactly one of the two is given."""
        if len(attrs) != 1:
            raise serializers.ValidationError(_("Name either messages or a moment, since when."))
        return attrs


class ReplayedSerializer(serializers.Serializer):
    """How many messages are sent again; those that wait or are being sent are left alone."""

    messages = serializers.IntegerField()
