"""What happens to the goods and the money of a released order."""

from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import lifecycle
from orders.api.base import OrderViews
from orders.api.inputs import (
    CloseShortIn,
    EventIn,
    InvoiceIn,
    PaymentIn,
    RefundIn,
    ReturnIn,
    ShipIn,
    quantities_of,
)
from orders.api.serializers import OrderSerializer
from staff.api.schema import described


class FulfilmentViewSet(OrderViews):
    """What happens to an order after its release; each answer is the order as it is then."""

    tag = "fulfilment"
    access = {
        "payments": ("orders.record_payment",),
        "refunds": ("credit.give_refund",),
        "shipments": ("orders.ship_order",),
        "deliver": ("orders.deliver_order",),
        "returns": ("orders.return_goods",),
        "invoices": ("orders.invoice_order",),
        "close_short": ("orders.cancel_order",),
    }

    @described("Record a payment", takes=PaymentIn, gives=OrderSerializer, status=201)
    @action(detail=True, methods=["post"])
    def payments(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.record_payment, 201, **self.given(PaymentIn))

    @described("Give money back", takes=RefundIn, gives=OrderSerializer, status=201)
    @action(detail=True, methods=["post"])
    def refunds(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.refund, 201, **self.given(RefundIn))

    @described(
        "Record that goods left",
        takes=ShipIn,
        gives=OrderSerializer,
        status=201,
        example={
            "lines": [{"position": 1, "quantity": "2"}],
            "carrier": "SF Express",
            "tracking_number": "SF1234567890",
        },
    )
    @action(detail=True, methods=["post"])
    def shipments(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.ship, 201, **self._with_quantities(self.given(ShipIn)))

    @described("Record that the customer has the goods", takes=EventIn, gives=OrderSerializer)
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.deliver, 200, **self.given(EventIn))

    @described("Record goods that came back", takes=ReturnIn, gives=OrderSerializer, status=201)
    @action(detail=True, methods=["post"])
    def returns(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.return_goods, 201, **self._with_quantities(self.given(ReturnIn)))

    @described("Issue an invoice", takes=InvoiceIn, gives=OrderSerializer, status=201)
    @action(detail=True, methods=["post"])
    def invoices(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.invoice, 201, **self.given(InvoiceIn))

    @described("Give up what has not shipped", takes=CloseShortIn, gives=OrderSerializer)
    @action(detail=True, methods=["post"], url_path="close-short")
    def close_short(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.close_short, 200, **self.given(CloseShortIn))

    def _with_quantities(self, given: dict[str, Any]) -> dict[str, Any]:
        lines = given.pop("lines", None)
        named = None if lines is None else quantities_of(self.order(), lines)
        warehouse = given.pop("warehouse")
        return given | {"quantities": named, "warehouse_id": warehouse and warehouse.pk}

    def _did(self, verb: Any, status: int, **values: Any) -> Response:
        pk = self.order_id()
        verb(order_id=pk, by=self.user, at=self.at, **values)
        return self.answer(pk, status)
