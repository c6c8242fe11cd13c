"""Webhooks, for those who look after them: set up, changed, paused, tried and sent again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from journal.api import problems as problems
from journal.api.webhook_parts import (
    ReplayedSerializer,
    ReplayIn,
    RotateIn,
    WebhookIn,
    WebhookMessageSerializer,
    WebhookSecretSerializer,
    WebhookSerializer,
    WholeMessageSerializer,
)
from journal.models import WebhookEndpoint, WebhookMessage
from journal.webhooks import lifecycle, payload
from journal.webhooks.enums import MessageState
from journal.webhooks.policies import MANAGE as MAY_MANAGE
from journal.webhooks.querysets import VIEW
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered
from staff.api.whole import Whole

SEE, MANAGE = (VIEW,), (MAY_MANAGE,)
MOST_TRIES = 50
UNKEPT = {"Cache-Control": "no-store"}
EXAMPLE = {
    "url": "https://wms.example.com/ordergate",
    "description": "Warehouse system",
    "topics": ["order.approved", "order.shipped"],
}


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
        given = self.given(ReplayIn)
        said: dict[str, Any] = {"endpoint_id": pk, "by": self.user, "at": self.at}
        if "since" in given:
            count = lifecycle.replay_dead(since=given["since"], **said)
        else:
            count = lifecycle.replay(message_ids=given["messages"], **said)
        return Response(self.shown(ReplayedSerializer, {"messages": count}))

    def _seen(self) -> Any:
        return WebhookEndpoint.objects.for_user(self.user).select_related("created_by")

    def _did(self, verb: Any, **values: Any) -> Response:
        pk = self.kwargs["pk"]
        verb(endpoint_id=pk, by=self.user, at=self.at, **values)
        return self._told(pk)

    def _told(self, pk: int) -> Response:
        return Response(self.shown(WebhookSerializer, self._seen().get(pk=pk)))


class MessageViewSet(ApiViewSet):
    """Messages of webhooks."""

    tag = "webhooks"
    access = {"retrieve": SEE}

    @described("One message with every try to send it", gives=WholeMessageSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        found = WebhookMessage.objects.for_user(self.user).select_related("entry__by").get(pk=pk)
        tried = found.tried.order_by("-number")[:MOST_TRIES]
        told = Whole(found, body=payload.render(found.entry), tried=tried)
        return Response(self.shown(WholeMessageSerializer, told))
