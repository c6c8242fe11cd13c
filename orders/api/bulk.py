"""Many new orders in one request, each of which is entered and judged, or refused, by itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from credit.models import Customer
from orders import lifecycle
from orders.api.base import OrderViews
from orders.api.inputs import ManyIn, OrderIn, RawManyIn, header_of, lines_of, unknown_customer
from orders.api.problems import TAKEN
from orders.api.reading import verdict
from orders.api.serializers import VerdictSerializer
from orders.catalogue import Found, find_skus
from orders.enums import Source
from orders.lifecycle import Answer
from orders.lifecycle.draft import Header, NewDraft, Origin
from orders.models import Order
from staff.api.problems import Problem, refused
from staff.api.schema import described


class RefusalSerializer(serializers.Serializer):
    """Why one order among many was refused."""

    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class ResultSerializer(serializers.Serializer):
    """What became of one order: `order` is null unless it was entered, `refused` unless it was.

    An order that was entered and could not be submitted has both, and stays a draft.
    """

    place = serializers.IntegerField(help_text="Which of the orders sent, from 0.")
    external_id = serializers.CharField(allow_blank=True)
    order = VerdictSerializer(allow_null=True)
    refused = RefusalSerializer(allow_null=True)


class BulkSerializer(serializers.Serializer):
    """The results in the order in which the orders were sent."""

    results = ResultSerializer(many=True)


@dataclass
class _Item:
    """One order on its way through: understood, entered, submitted, or refused on the way."""

    place: int
    given: Mapping[str, Any]
    customer: Customer | None = None
    header: Header | None = None
    draft: NewDraft | None = None
    answer: Answer | None = None

    @property
    def order_id(self) -> int:
        """Of an item that was entered."""
        assert self.answer is not None and self.answer.order is not None  # noqa: S101
        return self.answer.order.pk


class BulkViewSet(OrderViews):
    """Many orders at once."""

    access = {"bulk": ("orders.add_order",)}

    @described(
        "Enter up to 1,000 orders, submit those that ask for it, and answer for each",
        takes=ManyIn,
        gives=BulkSerializer,
        example={
            "orders": [
                {
                    "customer": "C00001",
                    "external_id": "WEB-4711",
                    "lines": [{"sku": "SKU00001", "quantity": "2"}],
                    "submit": True,
                }
            ]
        },
    )
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        items = self._read()
        self._understand([item for item in items if item.answer is None])
        try:
            with transaction.atomic():
                self._enter([item for item in items if item.draft])
                self._submit([item for item in items if _entered(item)])
        except IntegrityError as error:
            # Somebody is entering orders with the same numbers at this moment.
            raise Problem(TAKEN) from error
        results = [self._result(item) for item in items]
        return Response(self.shown(BulkSerializer, {"results": results}))

    def _read(self) -> list[_Item]:
        """The orders as sent; one that makes no sense is refused and keeps no other back."""
        reader, items = OrderIn(context=self.get_serializer_context()), []
        for place, sent in enumerate(self.given(RawManyIn)["orders"]):
            try:
                items.append(_Item(place, reader.run_validation(sent)))
            except ValidationError as refusal:
                items.append(_Item(place, {}, answer=Answer(refusal=refusal)))
        return items

    def _understand(self, items: Sequence[_Item]) -> None:
        """Find customers and products, for all in a handful of queries."""
        codes = {item.given["customer"] for item in items}
        found = Customer.objects.for_user(self.user).select_related("account")
        customers = {customer.code: customer for customer in found.filter(code__in=codes)}
        wanted: dict[str, set[str]] = defaultdict(set)
        for item in items:
            item.customer = customers.get(item.given["customer"])
            if item.customer:
                item.header = header_of(item.given, item.customer)
                skus = (line["sku"] for line in item.given["lines"])
                wanted[item.header.currency].update(skus)
        known = {currency: find_skus(skus, currency) for currency, skus in wanted.items()}
        for item in items:
            self._draft(item, known)

    def _draft(self, item: _Item, known: Mapping[str, Mapping[str, Found]]) -> None:
        try:
            if item.customer is None or item.header is None:
                raise unknown_customer()
            item.draft = NewDraft(
                item.customer.pk,
                item.header,
                lines_of(item.given["lines"], known[item.header.currency]),
                Origin(source=Source.API, external_id=item.given["external_id"]),
            )
        except ValidationError as refusal:
            item.answer = Answer(refusal=refusal)

    def _enter(self, items: Sequence[_Item]) -> None:
        drafts = [item.draft for item in items if item.draft]
        answers = lifecycle.create_drafts(drafts=drafts, by=self.user, at=self.at)
        for item, answer in zip(items, answers, strict=True):
            item.answer = answer

    def _submit(self, items: Sequence[_Item]) -> None:
        """Submit those that ask for it; the others are read, for the database numbered them."""
        asking = [item for item in items if item.given["submit"]]
        ids = [item.order_id for item in asking]
        answers = lifecycle.submit_many(order_ids=ids, by=self.user, at=self.at) if ids else []
        for item, answer in zip(asking, answers, strict=True):
            item.answer = answer
        left = [item for item in items if not item.given["submit"]]
        drafts = Order.objects.in_bulk([item.order_id for item in left]) if left else {}
        for item in left:
            item.answer = Answer(drafts[item.order_id])

    def _result(self, item: _Item) -> dict[str, Any]:
        answer = item.answer or Answer()
        told = {"place": item.place, "external_id": item.given.get("external_id", "")}
        order = answer.order
        return told | {
            "order": verdict(order, answer.decision, self.user) if order and order.pk else None,
            "refused": refused(answer.refusal) if answer.refusal else None,
        }


def _entered(item: _Item) -> bool:
    return bool(item.answer and item.answer.order)
