"""Invoices, receipts and what belongs to them, as the API shows them and as they are sent."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from credit.api.inputs import SOME
from credit.api.parties import PartySerializer
from credit.enums import DisputeOutcome, DisputeReason, PaymentMethod
from credit.lifecycle.receipts import NONE, OLDEST
from credit.models import Allocation, Dispute, Invoice, InvoiceAdjustment, Receipt, Refund
from staff.api.fields import ID, DayField
from staff.api.inputs import ReasonIn
from staff.api.people import WhoSerializer


class AllocationSerializer(serializers.ModelSerializer):
    """A part of a receipt that pays an invoice; it counts while `reversed_at` is null."""

    receipt = serializers.IntegerField(source="receipt_id")
    invoice = serializers.IntegerField(source="invoice_id")
    number = serializers.CharField(source="invoice.number")
    by = WhoSerializer()
    reversed_by = WhoSerializer(allow_null=True)

    class Meta:
        model = Allocation
        fields = (
            "id",
            "receipt",
            "invoice",
            "number",
            "amount",
            "effective_on",
            "at",
            "by",
            "reversed_at",
            "reversed_by",
            "reversal_reason",
        )


class AdjustmentSerializer(serializers.ModelSerializer):
    """A credit note or a write-off."""

    reason = serializers.CharField(source="words")
    by = WhoSerializer(allow_null=True)

    class Meta:
        model = InvoiceAdjustment
        fields = ("id", "kind", "number", "amount", "reason", "effective_on", "at", "by")


class DisputeSerializer(serializers.ModelSerializer):
    """What a customer objects to; it is open while `resolved_at` is null."""

    invoice = serializers.IntegerField(source="invoice_id")
    number = serializers.CharField(source="invoice.number")
    opened_by = WhoSerializer()
    resolved_by = WhoSerializer(allow_null=True)

    class Meta:
        model = Dispute
        fields = (
            "id",
            "invoice",
            "number",
            "amount",
            "reason",
            "note",
            "opened_at",
            "opened_by",
            "resolved_at",
            "resolved_by",
            "outcome",
            "resolution_note",
        )


class InvoiceSummarySerializer(serializers.ModelSerializer):
    """An invoice in a list, in `currency`. `days_late` are to today, or to its settlement."""

    customer = PartySerializer(source="account.customer")
    currency = serializers.CharField(source="account.currency")
    order = serializers.IntegerField(source="order_id", allow_null=True)
    standing = serializers.CharField(source="stands")
    days_late = serializers.IntegerField(source="late")

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = (
            "id",
            "number",
            "customer",
            "currency",
            "order",
            "amount",
            "open_amount",
            "disputed_amount",
            "issued_on",
            "due_on",
            "settled_on",
            "standing",
            "days_late",
            "source",
            "external_id",
        )


class InvoiceSerializer(InvoiceSummarySerializer):
    """One invoice with every document behind its figures."""

    allocations = AllocationSerializer(many=True)
    adjustments = AdjustmentSerializer(many=True)
    disputes = DisputeSerializer(many=True)

    class Meta(InvoiceSummarySerializer.Meta):
        fields = (
            *InvoiceSummarySerializer.Meta.fields,
            "allocations",
            "adjustments",
            "disputes",
        )


class RefundSerializer(serializers.ModelSerializer):
    """A part of a receipt that was given back."""

    recorded_by = WhoSerializer()

    class Meta:
        model = Refund
        fields = (
            "id",
            "amount",
            "method",
            "reference",
            "reason",
            "refunded_on",
            "at",
            "recorded_by",
        )


class ReceiptSummarySerializer(serializers.ModelSerializer):
    """Money that came in, in `currency`; `unallocated` has found no invoice yet."""

    customer = PartySerializer(source="account.customer")
    currency = serializers.CharField(source="account.currency")
    order = serializers.IntegerField(source="order_id", allow_null=True)
    recorded_by = WhoSerializer()

    class Meta:
        model = Receipt
        fields: tuple[str, ...] = (
            "id",
            "customer",
            "currency",
            "order",
            "amount",
            "unallocated",
            "received_on",
            "at",
            "recorded_by",
            "method",
            "reference",
            "source",
            "external_id",
        )


class ReceiptSerializer(ReceiptSummarySerializer):
    """One receipt with where it went."""

    allocations = AllocationSerializer(many=True)
    refunds = RefundSerializer(many=True)

    class Meta(ReceiptSummarySerializer.Meta):
        fields = (*ReceiptSummarySerializer.Meta.fields, "allocations", "refunds")


class PartIn(serializers.Serializer):
    """How much of the money an invoice gets."""

    invoice = serializers.IntegerField(**ID)
    amount = serializers.DecimalField(**SOME)


class AllocateIn(serializers.Serializer):
    """The oldest invoices first, or how much each of those that are named gets.

    `write_off_residue` writes off what the invoices are then short of by no more than a trifle.
    """

    allocate = serializers.ChoiceField([OLDEST], default=OLDEST)
    parts = serializers.ListField(child=PartIn(), min_length=1, max_length=500, required=False)
    write_off_residue = serializers.BooleanField(default=False)

    def validate_parts(self, parts: list[dict[str, Any]]) -> list[tuple[int, Decimal]]:
        """Raises ValidationError for an invoice that is named twice."""
        if len({part["invoice"] for part in parts}) < len(parts):
            raise ValidationError(_("Name each invoice once."))
        return [(part["invoice"], part["amount"]) for part in parts]


class ReceiptIn(AllocateIn):
    """Money from a customer; allocated as asked, to the oldest invoices first unless it says so."""

    customer = serializers.CharField(max_length=40, help_text="The code of the customer.")
    amount = serializers.DecimalField(**SOME)
    received_on = DayField()
    method = serializers.ChoiceField(PaymentMethod.choices, default=PaymentMethod.TRANSFER.value)
    reference = serializers.CharField(max_length=80, allow_blank=True, default="")
    allocate = serializers.ChoiceField([OLDEST, NONE], default=OLDEST)


class OpenItemIn(serializers.Serializer):
    """An open invoice of another system, which belongs to no order here."""

    customer = serializers.CharField(max_length=40, help_text="The code of the customer.")
    number = serializers.CharField(max_length=60)
    amount = serializers.DecimalField(**SOME)
    issued_on = DayField()
    due_on = DayField()


class DisputeIn(serializers.Serializer):
    """What the customer objects to; another reason than those listed is explained in the note."""

    amount = serializers.DecimalField(**SOME)
    reason = serializers.ChoiceField(DisputeReason.choices)
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")


class ResolveIn(serializers.Serializer):
    """How a dispute ended."""

    outcome = serializers.ChoiceField(
        [choice for choice in DisputeOutcome.choices if choice[0] != DisputeOutcome.SETTLED]
    )
    note = serializers.CharField(max_length=1000)


class WriteOffIn(ReasonIn):
    """A part of an invoice that is given up, and why."""

    amount = serializers.DecimalField(**SOME)


class CreditNoteIn(WriteOffIn):
    """A part of an invoice that is not owed, and why; without a number it gets one."""

    number = serializers.CharField(max_length=80, allow_blank=True, default="")


class GiveBackIn(WriteOffIn):
    """Money of a receipt that is given back, and why."""

    refunded_on = DayField()
    method = serializers.ChoiceField(PaymentMethod.choices, default=PaymentMethod.TRANSFER.value)
    reference = serializers.CharField(max_length=80, allow_blank=True, default="")


def plan_of(given: dict[str, Any]) -> Any:
    """How money is spread, as the verbs take it."""
    plan = given.pop("allocate")
    return given.pop("parts", None) or plan
