"""Goods kept ready for an order, what its carrier says, and what replaces what came back."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import lifecycle
from orders.api.base import OrderViews
from orders.api.inputs import MOST_LINES, EventIn, PieceIn, quantities_of
from orders.api.serializers import OrderSerializer
from orders.enums import ScanKind
from orders.models import Order, Return, Warehouse
from staff.api.fields import CodeField
from staff.api.inputs import ReasonIn
from staff.api.schema import described

SHIP = ("orders.ship_order",)
ALLOCATE = ("orders.allocate_goods",)
EXAMPLE = {"warehouse": "SHA", "lines": [{"position": 1, "quantity": "2"}]}


class KeepIn(EventIn):
    """Goods at a warehouse, named by its code; without lines, all that lacks."""

    warehouse = CodeField(Warehouse.objects.all)
    lines = serializers.ListField(child=PieceIn(), max_length=MOST_LINES, required=False)


class ScanIn(EventIn):
    """What the carrier said; the tracking number is needed where there are several shipments."""

    kind = serializers.ChoiceField(ScanKind.choices)
    tracking_number = serializers.CharField(max_length=80, allow_blank=True, default="")
    place = serializers.CharField(max_length=120, allow_blank=True, default="")
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class HandlingViewSet(OrderViews):
    """Goods kept ready for an order and on their way; each answer is the order as it is then."""

    tag = "fulfilment"
    access = {"allocate": ALLOCATE, "pick": SHIP, "set_free": ALLOCATE, "scans": SHIP}

    @described(
        "Keep goods for a released order", takes=KeepIn, gives=OrderSerializer, example=EXAMPLE
    )
    @action(detail=True, methods=["post"])
    def allocate(self, request: Request, pk: int) -> Response:
        return self._kept(lifecycle.allocate)

    @described(
        "Record that goods were taken off the shelf",
        takes=KeepIn,
        gives=OrderSerializer,
        example=EXAMPLE,
    )
    @action(detail=True, methods=["post"])
    def pick(self, request: Request, pk: int) -> Response:
        return self._kept(lifecycle.pick)

    @described("Keep nothing ready for the order any more", takes=ReasonIn, gives=OrderSerializer)
    @action(detail=True, methods=["post"], url_path="set-free")
    def set_free(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.set_free, **self.given(ReasonIn))

    @described(
        "Record what the carrier said of a shipment",
        takes=ScanIn,
        gives=OrderSerializer,
        status=201,
        example={"kind": "in_transit", "place": "Hangzhou"},
    )
    @action(detail=True, methods=["post"])
    def scans(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.record_scan, 201, **self.given(ScanIn))

    def _kept(self, verb: Any) -> Response:
        given = self.given(KeepIn)
        lines = given.pop("lines", None)
        named = None if lines is None else quantities_of(self.order(), lines)
        warehouse = given.pop("warehouse")
        return self._did(verb, warehouse_id=warehouse.pk, quantities=named, **given)

    def _did(self, verb: Any, status: int = 200, **values: Any) -> Response:
        pk = self.order_id()
        verb(order_id=pk, by=self.user, at=self.at, **values)
        return self.answer(pk, status)


class ReturnViewSet(OrderViews):
    """Goods that came back."""

    tag = "fulfilment"
    access = {"replacement": ("orders.replace_goods",)}

    @described(
        "Enter an order over what came back, free of charge, as a draft",
        gives=OrderSerializer,
        status=201,
    )
    @action(detail=True, methods=["post"])
    def replacement(self, request: Request, pk: int) -> Response:
        seen = Return.objects.filter(order__in=Order.objects.for_user(self.user))
        returned = seen.get(pk=pk)
        made = lifecycle.replace(return_id=returned.pk, by=self.user, at=self.at)
        return self.answer(made.pk, status=201)
