"""Orders as the API shows them. Amounts are strings in the currency of the order."""

from typing import Any

from rest_framework import serializers

from credit.api.parties import PartySerializer
from orders.api.parts import (
    ConditionSerializer,
    HoldSerializer,
    KeptGoodsSerializer,
    LineSerializer,
    MovementSerializer,
    OrderInvoiceSerializer,
    OrderPaymentSerializer,
)
from orders.enums import OrderState
from orders.models import Decision, Order
from staff.api.kept import kept
from staff.api.people import WhoSerializer

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2, "read_only": True}


class CheckSerializer(serializers.Serializer):
    """One check of the gate with what it found, as a sentence in the caller's language."""

    code = serializers.CharField(source="check.code")
    label = serializers.CharField()  # type: ignore[assignment]
    verdict = serializers.CharField(source="check.verdict")
    sentence = serializers.CharField()


class DecisionSerializer(serializers.ModelSerializer):
    """One decision of the gate, with the checks that stopped the order first."""

    currency = serializers.CharField(help_text="The currency of the account.")
    # As the caller may read them: `orders.api.reading.in_full`.
    checks = CheckSerializer(many=True, read_only=True)
    by = WhoSerializer(allow_null=True)

    class Meta:
        model = Decision
        fields = (
            "id",
            "order_version",
            "kind",
            "outcome",
            "at",
            "by",
            "amount",
            "currency",
            "excess",
            "checks",
        )


@kept
class VerdictSerializer(serializers.Serializer):
    """What became of an order that was put through the gate.

    `outcome` is passed or failed; a failed order waits for an approver, with its reasons here.
    """

    id = serializers.IntegerField()
    number = serializers.CharField()
    external_id = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    state = serializers.ChoiceField(OrderState.choices)
    outcome = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    total = serializers.DecimalField(**AMOUNT)
    reasons = CheckSerializer(many=True)


class OrderSummarySerializer(serializers.ModelSerializer):
    """An order in a list."""

    number = serializers.CharField()
    customer = PartySerializer()
    owner = WhoSerializer()
    held = serializers.BooleanField(help_text="Whether a hold stands on it.")

    class Meta:
        model = Order
        fields = (
            "id",
            "number",
            "external_id",
            "source",
            "state",
            "version",
            "customer",
            "owner",
            "held",
            "currency",
            "total",
            "paid_amount",
            "invoiced_amount",
            "created_at",
            "submitted_at",
            "approved_at",
            "paid_at",
            "shipped_at",
            "delivered_at",
            "invoiced_at",
            "closed_at",
            "promised_at",
        )


class ApprovalSerializer(serializers.Serializer):
    """The latest request to release the order in spite of its reasons."""

    id = serializers.IntegerField()
    state = serializers.CharField()


@kept
class OrderSerializer(OrderSummarySerializer):
    """One order with all that belongs to it.

    `cost` and `margin_percent` are null for who may not see them. `actions` are the verbs that the
    caller may use now.
    """

    margin_percent = serializers.DecimalField(max_digits=24, decimal_places=2, allow_null=True)
    owed = serializers.DecimalField(**AMOUNT)
    unpaid = serializers.DecimalField(**AMOUNT)
    overpaid = serializers.DecimalField(**AMOUNT)
    to_invoice = serializers.DecimalField(**AMOUNT)
    submitted_by = WhoSerializer(allow_null=True)
    lines = LineSerializer(many=True)
    decision = DecisionSerializer(allow_null=True)
    approval = ApprovalSerializer(allow_null=True)
    holds = HoldSerializer(many=True)
    conditions = ConditionSerializer(many=True)
    allocations = KeptGoodsSerializer(many=True)
    shipments = MovementSerializer(many=True)
    returns = MovementSerializer(many=True)
    payments = OrderPaymentSerializer(many=True)
    refunds = OrderPaymentSerializer(many=True)
    invoices = OrderInvoiceSerializer(many=True)
    actions = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Order
        fields = (
            *OrderSummarySerializer.Meta.fields,
            "payment_days",
            "ship_to_name",
            "ship_to_phone",
            "ship_to_address",
            "note",
            "net",
            "tax",
            "cost",
            "margin_percent",
            "owed",
            "unpaid",
            "overpaid",
            "to_invoice",
            "unreleased",
            "rate",
            "released_until",
            "submitted_by",
            "lines",
            "decision",
            "approval",
            "holds",
            "conditions",
            "allocations",
            "shipments",
            "returns",
            "payments",
            "refunds",
            "invoices",
            "actions",
        )
