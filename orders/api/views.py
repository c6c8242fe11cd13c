"""Orders: found, entered, submitted, changed and ended."""

from typing import Any

from django.db import transaction
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import lifecycle
from orders.api import problems as problems
from orders.api.base import OrderViews
from orders.api.filters import ApiOrderFilter
from orders.api.inputs import (
    AmendIn,
    EditIn,
    OrderIn,
    VersionIn,
    customer_of,
    header_of,
    known_products,
    lines_of,
)
from orders.api.reading import last_decision, of_user, verdict
from orders.api.serializers import (
    OrderSerializer,
    OrderSummarySerializer,
    VerdictSerializer,
)
from orders.enums import OrderState, Source
from orders.errors import AlreadyThere
from orders.export import order_sheet
from orders.lifecycle.draft import Origin
from orders.lifecycle.splitting import header_of as kept_header
from orders.models import Order
from orders.versions import inputs_of
from staff.api.inputs import ReasonIn
from staff.api.problems import Problem
from staff.api.schema import described, exported, pages
from staff.api.versions import seen_version
from staff.api.views import filtered

SEE = ("orders.view_order",)
ENTER = ("orders.add_order",)
SUBMIT = ("orders.submit_order",)

EXAMPLE = {
    "customer": "C00001",
    "external_id": "WEB-4711",
    "ship_to_name": "Chen Wei",
    "ship_to_phone": "+86 138 0013 8000",
    "ship_to_address": "88 Century Avenue, Shanghai",
    "lines": [{"sku": "SKU00001", "quantity": "2"}],
    "submit": True,
}


class OrderViewSet(OrderViews):
    """Orders."""

    access = {
        "list": SEE,
        "export": SEE,
        "retrieve": SEE,
        "create": ENTER,
        "update": ENTER,
        "submit": SUBMIT,
        "amend": ENTER,
        "take_back": SUBMIT,
        "cancel": ("orders.cancel_order",),
        "split": SUBMIT,
        "check_again": (*SUBMIT, "orders.record_payment", "approvals.decide"),
        "copy": ENTER,
    }
    or_nothing = ("create", "submit")

    @described(
        "Find orders, newest first", gives=pages(OrderSummarySerializer), filters=ApiOrderFilter
    )
    def list(self, request: Request) -> Response:
        form = ApiOrderFilter(request.GET, user=self.user)
        filtered(form)
        return self.listed(form.narrow(of_user(self.user)), OrderSummarySerializer, form.keys)

    @exported("Orders", filters=ApiOrderFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        form = ApiOrderFilter(request.GET, user=self.user)
        filtered(form)
        found = form.narrow(Order.objects.for_user(self.user))
        margin = self.user.has_perm("orders.view_margin")
        return self.sent(order_sheet(found, form.keys, margin=margin))

    @described("One order with all that belongs to it", gives=OrderSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(self.order_id())

    @described(
        "Enter an order, and submit it if asked to",
        takes=OrderIn,
        gives=OrderSerializer,
        status=201,
        example=EXAMPLE,
    )
    def create(self, request: Request) -> Response:
        given = self.given(OrderIn)
        customer = customer_of(self.user, given["customer"])
        header = header_of(given, customer)
        lines = lines_of(given["lines"], known_products(given["lines"], header.currency))
        try:
            with transaction.atomic():
                order = lifecycle.create_draft(
                    customer_id=customer.pk,
                    header=header,
                    lines=lines,
                    origin=Origin(source=Source.API, external_id=given["external_id"]),
                    by=self.user,
                    at=self.at,
                )
                if given["submit"]:
                    lifecycle.submit(order_id=order.pk, by=self.user, at=self.at)
        except AlreadyThere as error:
            raise already_there(error) from error
        return self.answer(order.pk, status=201)

    @described("Replace what a draft says", takes=EditIn, gives=OrderSerializer, versioned=True)
    def update(self, request: Request, pk: int) -> Response:
        lifecycle.edit_draft(**self._content(EditIn), by=self.user, at=self.at)
        return self.answer(pk)

    @described("Put a draft through the gate", takes=VersionIn, gives=VerdictSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: int) -> Response:
        given = self.given(VersionIn)
        order = lifecycle.submit(
            order_id=self.order_id(),
            by=self.user,
            at=self.at,
            seen_version=given.get("version"),
        )
        return self._verdict(order)

    @described(
        "Change a released order that has not shipped",
        takes=AmendIn,
        gives=OrderSerializer,
        versioned=True,
    )
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, pk: int) -> Response:
        reason = self.given(AmendIn)["reason"]
        lifecycle.amend(**self._content(AmendIn), reason=reason, by=self.user, at=self.at)
        return self.answer(pk)

    @described("Turn a failed order into a draft again", takes=ReasonIn, gives=OrderSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: int) -> Response:
        return self._end(lifecycle.take_back)

    @described("End an order that has not shipped", takes=ReasonIn, gives=OrderSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        return self._end(lifecycle.cancel)

    @described(
        "Release what fits of a failed order; the rest becomes a draft, which is the answer",
        takes=VersionIn,
        gives=OrderSerializer,
        status=201,
        versioned=True,
    )
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: int) -> Response:
        seen = seen_version(request, self.given(VersionIn))
        _kept, rest = lifecycle.split(
            order_id=self.order_id(), by=self.user, at=self.at, seen_version=seen
        )
        return self.answer(rest.pk, status=201)

    @described(
        "Ask the gate again about an order that waits; a pass releases it", gives=VerdictSerializer
    )
    @action(detail=True, methods=["post"], url_path="check-again")
    def check_again(self, request: Request, pk: int) -> Response:
        order = self.order()
        if order.state == OrderState.CREDIT_FAILED:
            order = lifecycle.reevaluate(order_id=pk, by=self.user, at=self.at)
        return self._verdict(order)

    @described("Enter the same order once more, as a draft", gives=OrderSerializer, status=201)
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: int) -> Response:
        order = self.order()
        made = lifecycle.create_draft(
            customer_id=order.customer_id,
            header=kept_header(order),
            lines=inputs_of(order),
            origin=Origin(source=Source.API),
            by=self.user,
            at=self.at,
        )
        return self.answer(made.pk, status=201)

    def _content(self, kind: type[EditIn]) -> dict[str, Any]:
        given, order = self.given(kind), self.order()
        seen = seen_version(self.request, given)
        return {"order_id": order.pk, "seen_version": seen, **self.content(given, order)}

    def _end(self, verb: Any) -> Response:
        reason = self.given(ReasonIn)["reason"]
        order = verb(order_id=self.order_id(), reason=reason, by=self.user, at=self.at)
        return self.answer(order.pk)

    def _verdict(self, order: Order) -> Response:
        found = verdict(order, last_decision(order), self.user)
        return Response(self.shown(VerdictSerializer, found))


def already_there(error: AlreadyThere) -> Problem:
    """The refusal of an order that its source sent before, with the one that is there."""
    existing = {"id": error.order_id, "url": f"/api/v1/orders/{error.order_id}/"}
    return Problem(problems.TAKEN, str(error), existing=existing)
