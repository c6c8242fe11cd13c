"""What changing or splitting an order would come to; nothing is changed."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from credit.days import company_day
from credit.models import CreditAccount
from orders.amounts import LineInput
from orders.api.base import OrderViews
from orders.api.inputs import ContentIn
from orders.api.serializers import CheckSerializer
from orders.foreseeing import AmendedQuote, foresee_split, rehearse_amendment
from orders.models import Product
from staff.api.schema import described

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}
EXAMPLE = {"lines": [{"sku": "SKU00001", "quantity": "1"}]}


class PairSerializer(serializers.Serializer):
    """One thing before and after, in words; empty where it was not there or would be no more."""

    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class AmendmentSerializer(serializers.Serializer):
    """What a change would come to.

    `stays_released` is whether the order could still ship; if not, an approver decides again, and
    `why` says what an earlier approval does not cover. With `waived` it is that approval which
    carries the change. Amounts are in the order's currency; `need`, what the change takes of the
    limit beyond what the order holds, is in that of the account.
    """

    stays_released = serializers.BooleanField(source="stays")
    waived = serializers.BooleanField()
    why = serializers.ListField(child=serializers.CharField())
    changes = PairSerializer(many=True)
    currency = serializers.CharField()
    net = serializers.DecimalField(**AMOUNT, source="totals.net")
    tax = serializers.DecimalField(**AMOUNT, source="totals.tax")
    total = serializers.DecimalField(**AMOUNT, source="totals.total")
    account_currency = serializers.CharField(source="account.currency")
    need = serializers.DecimalField(**AMOUNT)
    checks = CheckSerializer(many=True)


class PartLineSerializer(serializers.Serializer):
    """A line of one of the parts; `total` has its tax in it."""

    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3)
    price = serializers.DecimalField(**AMOUNT)
    discount_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    total = serializers.DecimalField(**AMOUNT)


class PartSerializer(serializers.Serializer):
    """The lines of one part, and what they come to with tax."""

    total = serializers.DecimalField(**AMOUNT)
    lines = PartLineSerializer(many=True)


class SplitSerializer(serializers.Serializer):
    """What would stay on the order and be released, and the rest, which would be a new draft."""

    currency = serializers.CharField()
    kept = PartSerializer()
    rest = PartSerializer()


class PreviewViewSet(OrderViews):
    """What a verb would do. They are posted, and take no idempotency key."""

    access = {
        "amend_preview": ("orders.add_order",),
        "split_preview": ("orders.submit_order",),
    }
    without_key = ("amend_preview", "split_preview")

    @described(
        "What changing a released order would do to it and to its release",
        takes=ContentIn,
        gives=AmendmentSerializer,
        example=EXAMPLE,
    )
    @action(detail=True, methods=["post"], url_path="amend/preview")
    def amend_preview(self, request: Request, pk: int) -> Response:
        given, order = self.given(ContentIn), self.order()
        content = self.content(given, order)
        accounts = CreditAccount.objects.with_limits(company_day(self.at))
        account = accounts.get(pk=order.account_id)
        made: AmendedQuote = rehearse_amendment(
            order, account, content["header"], content["lines"], by=self.user, at=self.at
        )
        return Response(self.shown(AmendmentSerializer, made))

    @described("Which part of a failed order would pass, and the rest", gives=SplitSerializer)
    @action(detail=True, methods=["post"], url_path="split/preview")
    def split_preview(self, request: Request, pk: int) -> Response:
        order = self.order()
        parts = foresee_split(order, by=self.user, at=self.at)
        products = Product.objects.in_bulk({line.product_id for line in parts.kept + parts.rest})
        told = {
            "currency": order.currency,
            "kept": {"total": parts.total, "lines": _lines(parts.kept, products)},
            "rest": {"total": parts.rest_total, "lines": _lines(parts.rest, products)},
        }
        return Response(self.shown(SplitSerializer, told))


def _lines(lines: Sequence[LineInput], products: dict[int, Product]) -> list[dict[str, Any]]:
    return [
        {
            "sku": products[line.product_id].sku,
            "name": products[line.product_id].name,
            "quantity": line.quantity,
            "price": line.price,
            "discount_percent": line.discount_percent,
            "total": line.net + line.tax,
        }
        for line in lines
    ]
