"""Webhooks, for those who look after them: set up, changed, paused, tried and sent again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from journal.api import problems as problems
from journal.models import WebhookEndpoint, WebhookMessage, WebhookSecret
from journal.webhooks import lifecycle, signing
from journal.webhooks.enums import EndpointState, MessageState
from journal.webhooks.policies import MANAGE as MAY_MANAGE
from journal.webhooks.querysets import VIEW
from staff.api.fields import ID
from staff.api.people import WhoSerializer
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered

SEE, MANAGE = (VIEW,), (MAY_MANAGE,)
AT_ONCE = 200
UNKEPT = {"Cache-Control": "no-store"}
EXAMPLE = {
    "url": "https://wms.example.com/ordergate",
    "description": "Warehouse system",
    "topics": ["order.approved", "order.shipped"],
}


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
        fields = (
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
    """Messages of the webhook, by their ids."""

    messages = serializers.ListField(
        child=serializers.IntegerField(**ID), min_length=1, max_length=AT_ONCE
    )


class ReplayedSerializer(serializers.Serializer):
    """How many messages are sent again; those that wait or are being sent are left alone."""

    messages = serializers.IntegerField()


class MessageFilter(forms.Form):
    """Which messages are wanted."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", ""), *MessageState.choices]
    )
    topic = forms.CharField(label=gettext_lazy("Event"), required=False, max_length=60)


class WebhookViewSet(ApiViewSet):
    """Webhooks."""

    access = {
        "list": SEE,
        "retrieve": SEE,
        "create": MANAGE,
        "update": MANAGE,
        "pause": MANAGE,
        "resume": MANAGE,
        "switch_off": MANAGE,
        "rotate": MANAGE,
        "send_test": MANAGE,
        "messages": SEE,
        "replay": MANAGE,
    }
    # The answer tells a secret, which is kept nowhere.
    without_key = ("create", "rotate")

    @described("All webhooks", gives=pages(WebhookSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(self._seen(), WebhookSerializer, ("pk",))

    @described("One webhook", gives=WebhookSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described(
        "Set a webhook up; the answer tells its secret, once",
        takes=WebhookIn,
        gives=WebhookSecretSerializer,
        status=201,
        example=EXAMPLE,
    )
    def create(self, request: Request) -> Response:
        made = lifecycle.create_endpoint(**self.given(WebhookIn), by=self.user, at=self.at)
        return Response(
            self.shown(WebhookSecretSerializer, made.secrets.get()), 201, headers=UNKEPT
        )

    @described(
        "Change where a webhook leads and what it is told",
        takes=WebhookIn,
        gives=WebhookSerializer,
        example=EXAMPLE,
    )
    def update(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.change_endpoint, **self.given(WebhookIn))

    @described("Let its messages wait", gives=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.pause)

    @described("Send what waits, and what comes", gives=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.resume)

    @described("End it; its log stays", gives=WebhookSerializer)
    @action(detail=True, methods=["post"], url_path="off")
    def switch_off(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.switch_off)

    @described(
        "Make a new secret, which the answer tells, once; the old one signs beside it for a day",
        takes=RotateIn,
        gives=WebhookSecretSerializer,
        status=201,
    )
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: int) -> Response:
        keep_old = not self.given(RotateIn)["at_once"]
        made = lifecycle.rotate_secret(endpoint_id=pk, keep_old=keep_old, by=self.user, at=self.at)
        return Response(self.shown(WebhookSecretSerializer, made), 201, headers=UNKEPT)

    @described("Send a test event", gives=WebhookMessageSerializer, status=201)
    @action(detail=True, methods=["post"], url_path="test")
    def send_test(self, request: Request, pk: int) -> Response:
        made = lifecycle.send_test(endpoint_id=pk, by=self.user, at=self.at)
        return Response(self.shown(WebhookMessageSerializer, made), 201)

    @described(
        "Its messages, the latest first",
        gives=pages(WebhookMessageSerializer),
        filters=MessageFilter,
    )
    @action(detail=True)
    def messages(self, request: Request, pk: int) -> Response:
        chosen = filtered(MessageFilter(request.GET))
        wanted = {name: value for name, value in chosen.items() if value}
        found = self._seen().get(pk=pk).messages.filter(**wanted)
        return self.listed(found, WebhookMessageSerializer, ("-pk",))

    @described(
        "Send messages again that arrived or were given up",
        takes=ReplayIn,
        gives=ReplayedSerializer,
    )
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: int) -> Response:
        chosen = self.given(ReplayIn)["messages"]
        count = lifecycle.replay(endpoint_id=pk, message_ids=chosen, by=self.user, at=self.at)
        return Response(self.shown(ReplayedSerializer, {"messages": count}))

    def _seen(self) -> Any:
        return WebhookEndpoint.objects.for_user(self.user).select_related("created_by")

    def _did(self, verb: Any, **values: Any) -> Response:
        pk = self.kwargs["pk"]
        verb(endpoint_id=pk, by=self.user, at=self.at, **values)
        return self._told(pk)

    def _told(self, pk: int) -> Response:
        return Response(self.shown(WebhookSerializer, self._seen().get(pk=pk)))
