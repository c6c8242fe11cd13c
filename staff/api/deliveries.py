"""Notices on their way out by mail, for administrators. What notices say stays their readers'."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from staff.api.fields import ID
from staff.api.people import WhoSerializer
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered
from staff.inbox import lifecycle
from staff.inbox.enums import DeliveryState
from staff.inbox.models import Delivery

AT_ONCE = 1_000


class DeliverySerializer(serializers.ModelSerializer):
    """A mail to somebody, how far it is, and why it is no further."""

    to = WhoSerializer(source="notice.to")
    kind = serializers.CharField(source="notice.kind")

    class Meta:
        model = Delivery
        fields = (
            "id",
            "to",
            "kind",
            "channel",
            "state",
            "cause",
            "last_error",
            "attempts",
            "since",
            "next_at",
            "sent_at",
        )


class DeliveryFilter(forms.Form):
    """Which mails are wanted."""

    state = forms.ChoiceField(
        label=gettext_lazy("state"), required=False, choices=[("", ""), *DeliveryState.choices]
    )


class DeliveriesIn(serializers.Serializer):
    """The mails to send again."""

    deliveries = serializers.ListField(
        child=serializers.IntegerField(**ID), min_length=1, max_length=AT_ONCE
    )


class SentAgainSerializer(serializers.Serializer):
    """How many will be sent; only what failed or was given up is sent again."""

    deliveries = serializers.IntegerField()


class DeliveryViewSet(ApiViewSet):
    """Mails."""

    tag = "inbox"
    access = {"list": ("staff.view_delivery",), "send_again": ("staff.resend_delivery",)}

    @described("Mails, the latest first", gives=pages(DeliverySerializer), filters=DeliveryFilter)
    def list(self, request: Request) -> Response:
        state = filtered(DeliveryFilter(request.GET))["state"]
        found: Any = Delivery.objects.select_related("notice__to")
        found = found.filter(state=state) if state else found
        return self.listed(found, DeliverySerializer, ("-since", "-pk"))

    @described(
        "Send mails again that failed or were given up",
        takes=DeliveriesIn,
        gives=SentAgainSerializer,
        example={"deliveries": [17, 18]},
    )
    @action(detail=False, methods=["post"], url_path="send-again")
    def send_again(self, request: Request) -> Response:
        given = self.given(DeliveriesIn)
        count = lifecycle.send_again(delivery_ids=given["deliveries"], by=self.user, at=self.at)
        return Response(self.shown(SentAgainSerializer, {"deliveries": count}))
