"""What other systems tell of orders and stock: taken once each, early ones wait their turn."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.bulk import RefusalSerializer
from orders.api.inputs import ReasonIn, sensible
from orders.enums import EventKind, Source
from orders.events import lifecycle
from orders.events.messages import EventAnswer, Message
from orders.forms.goods import EventFilter
from orders.models import FulfilmentEvent
from orders.policies import EVENT_RIGHTS
from staff.api.problems import refused
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered

TELL = tuple(sorted(set(EVENT_RIGHTS.values())))
EXAMPLE = {
    "source": "wms",
    "external_id": "ship-90817",
    "kind": "shipped",
    "reference": "WEB-4711",
    "reference_source": "api",
    "happened_at": "2026-03-02T17:05:00+08:00",
    "payload": {"carrier": "SF Express", "tracking_number": "SF1234567890"},
}


class FulfilmentEventSerializer(serializers.ModelSerializer):
    """A message and what became of it.

    `why` says what it waits for or why it was refused, in the language of the call.
    """

    by = serializers.CharField(source="by.display_name")
    payload = serializers.JSONField()
    why = serializers.CharField(source="words")

    class Meta:
        model = FulfilmentEvent
        fields = (
            "id",
            "source",
            "external_id",
            "kind",
            "reference",
            "reference_source",
            "order",
            "happened_at",
            "received_at",
            "payload",
            "state",
            "why",
            "applied_at",
            "by",
        )


class MessageIn(serializers.Serializer):
    """A message. Its number at the sender makes it count once, however often it is sent.

    `reference` is the number of the order here, or with `reference_source` its number at the
    source through which it came; it stays empty for counts of stock. `after` in the payload names
    the sender's messages about the same order that have to count before this one.
    """

    source = serializers.CharField(max_length=40)  # type: ignore[assignment]
    external_id = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(EventKind.choices)
    happened_at = serializers.DateTimeField()
    reference = serializers.CharField(max_length=80, allow_blank=True, default="")
    reference_source = serializers.ChoiceField(Source.choices, allow_blank=True, default="")
    payload = serializers.DictField(default=dict)

    def validate_happened_at(self, moment: Any) -> Any:
        return sensible(moment)


class MessagesIn(serializers.Serializer):
    """Up to 500 messages, each taken by itself."""

    events = serializers.ListField(child=MessageIn(), min_length=1, max_length=500)


class TakenSerializer(serializers.Serializer):
    """What became of one message: `event`, or why it was not even kept.

    `again` says that it was known already, and that nothing was changed.
    """

    event = FulfilmentEventSerializer(allow_null=True)
    again = serializers.BooleanField()
    refused = RefusalSerializer(allow_null=True)


class AllTakenSerializer(serializers.Serializer):
    """The results in the order in which the messages were sent."""

    results = TakenSerializer(many=True)


class EventViewSet(ApiViewSet):
    """Events from other systems."""

    access = {
        "list": ("orders.view_fulfilmentevent",),
        "retrieve": ("orders.view_fulfilmentevent",),
        "create": TELL,
        "bulk": TELL,
        "retry": TELL,
        "dismiss": TELL,
    }
    # A message is known by its number at the sender; each of many is committed by itself.
    without_key = ("create", "bulk")

    @described(
        "Find events, newest first", gives=pages(FulfilmentEventSerializer), filters=EventFilter
    )
    def list(self, request: Request) -> Response:
        form = EventFilter(request.GET)
        filtered(form)
        return self.listed(form.narrow(self._events()), FulfilmentEventSerializer, ("-pk",))

    @described("One event", gives=FulfilmentEventSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._answer(pk)

    @described("Tell what happened", takes=MessageIn, gives=TakenSerializer, example=EXAMPLE)
    def create(self, request: Request) -> Response:
        answer = lifecycle.take_event(**self.given(MessageIn), by=self.user, at=self.at)
        return Response(self.shown(TakenSerializer, self._told(answer)))

    @described(
        "Tell of many things that happened",
        takes=MessagesIn,
        gives=AllTakenSerializer,
        example={"events": [EXAMPLE]},
    )
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        messages = [Message(**event) for event in self.given(MessagesIn)["events"]]
        answers = lifecycle.take_events(messages=messages, by=self.user, at=self.at)
        results = [self._told(answer) for answer in answers]
        return Response(self.shown(AllTakenSerializer, {"results": results}))

    @described("Try an event again", gives=FulfilmentEventSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: int) -> Response:
        lifecycle.retry(event_id=self._events().get(pk=pk).pk, by=self.user, at=self.at)
        return self._answer(pk)

    @described("Give an event up", takes=ReasonIn, gives=FulfilmentEventSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: int) -> Response:
        given, event = self.given(ReasonIn), self._events().get(pk=pk)
        lifecycle.dismiss(event_id=event.pk, by=self.user, at=self.at, **given)
        return self._answer(pk)

    def _events(self) -> Any:
        return FulfilmentEvent.objects.for_user(self.user).select_related("by")

    def _answer(self, pk: int) -> Response:
        return Response(self.shown(FulfilmentEventSerializer, self._events().get(pk=pk)))

    def _told(self, answer: EventAnswer) -> dict[str, Any]:
        told = refused(answer.refusal) if answer.refusal else None
        return {"event": answer.event, "again": answer.again, "refused": told}
