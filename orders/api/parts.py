"""What belongs to an order, as the API shows it."""

from typing import Any

from rest_framework import serializers

from credit.models import Invoice
from orders.models import Allocation, Hold, OrderLine, Payment, TrackingEvent


class LineSerializer(serializers.ModelSerializer):
    """A product on an order; `net` and `tax` are of the whole line."""

    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")

    class Meta:
        model = OrderLine
        fields = (
            "position",
            "sku",
            "name",
            "quantity",
            "price",
            "list_price",
            "discount_percent",
            "tax_percent",
            "net",
            "tax",
            "lot",
            "shipped",
            "returned",
        )


class HoldSerializer(serializers.ModelSerializer):
    """A hold; it stands while `released_at` is null."""

    order = serializers.IntegerField(source="order_id")
    placed_by = serializers.CharField(
        source="placed_by.display_name", default=None, allow_null=True
    )
    released_by = serializers.CharField(
        source="released_by.display_name", default=None, allow_null=True
    )

    class Meta:
        model = Hold
        fields = (
            "id",
            "order",
            "reason",
            "source",
            "forced",
            "note",
            "placed_at",
            "placed_by",
            "released_at",
            "released_by",
            "release_note",
        )


class ConditionSerializer(serializers.Serializer):
    """A condition of the release: what it asks and how far it is met, in words."""

    id = serializers.IntegerField(source="condition.pk")
    kind = serializers.CharField(source="condition.kind")
    state = serializers.CharField(source="condition.state")
    demand = serializers.CharField()
    progress = serializers.CharField()
    met = serializers.BooleanField()
    keeps_back = serializers.BooleanField(help_text="Whether nothing may leave before it is met.")


class MovedLineSerializer(serializers.Serializer):
    """How much of a line moved."""

    position = serializers.IntegerField(source="order_line.position")
    sku = serializers.CharField(source="order_line.product.sku")
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3)


class KeptGoodsSerializer(serializers.ModelSerializer):
    """Goods of a line that a warehouse keeps for the order; `picked` of them are off the shelf."""

    position = serializers.IntegerField(source="order_line.position")
    warehouse = serializers.CharField(source="warehouse.code")

    class Meta:
        model = Allocation
        fields = ("position", "warehouse", "quantity", "picked")


class ScanSerializer(serializers.ModelSerializer):
    """What the carrier said of a shipment."""

    class Meta:
        model = TrackingEvent
        fields = ("at", "kind", "place", "note")


class MovementSerializer(serializers.Serializer):
    """Goods that left, or that came back (then with a reason and their worth)."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    recorded_by = serializers.CharField(source="recorded_by.display_name")
    carrier = serializers.CharField(default="")
    tracking_number = serializers.CharField(default="")
    reason = serializers.CharField(default="")
    amount = serializers.DecimalField(
        max_digits=18, decimal_places=2, default=None, allow_null=True
    )
    warehouse = serializers.CharField(source="warehouse.code", default=None, allow_null=True)
    lines = MovedLineSerializer(many=True)
    scans = ScanSerializer(many=True, default=list)


class OrderPaymentSerializer(serializers.ModelSerializer):
    """Money received for the order, or given back."""

    recorded_by = serializers.CharField(source="recorded_by.display_name")
    reason = serializers.CharField(default="")

    class Meta:
        model = Payment
        fields = ("id", "amount", "method", "reference", "reason", "at", "recorded_by")


class OrderInvoiceSerializer(serializers.ModelSerializer):
    """An invoice of the order. Amounts are in the currency of the account."""

    class Meta:
        model = Invoice
        fields = ("id", "number", "amount", "open_amount", "issued_on", "due_on")


class EventSerializer(serializers.Serializer):
    """One thing that happened to the order, in the caller's language."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    who = serializers.CharField()


class RemedySerializer(serializers.Serializer):
    """One way to make the order pass; `left` are the checks that would still stop it."""

    code = serializers.CharField()
    text = serializers.CharField()
    who = serializers.CharField()
    left = serializers.SerializerMethodField()

    def get_left(self, remedy: Any) -> list[str]:
        return sorted(remedy.left)


class AdviceSerializer(serializers.Serializer):
    """What would make the order pass now: any of `alone`; or all of `needed`, one of `partly`."""

    passes = serializers.BooleanField()
    alone = RemedySerializer(many=True)
    needed = RemedySerializer(many=True)
    partly = RemedySerializer(many=True)
