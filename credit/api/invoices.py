"""Receivables: invoices and the documents that lower them, receipts and where they went."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from credit import lifecycle
from credit.api.filters import ApiInvoiceFilter
from credit.api.finding import account_with_code
from credit.api.receivables import (
    AllocateIn,
    AllocationSerializer,
    CreditNoteIn,
    DisputeIn,
    DisputeSerializer,
    GiveBackIn,
    InvoiceSerializer,
    InvoiceSummarySerializer,
    OpenItemIn,
    ReceiptIn,
    ReceiptSerializer,
    ReceiptSummarySerializer,
    ResolveIn,
    WriteOffIn,
    plan_of,
)
from credit.days import company_day
from credit.models import Allocation, Customer, Dispute, Invoice, Receipt
from credit.receivables.export import invoice_sheet
from staff.api.inputs import ReasonIn
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered
from staff.api.whole import Whole

SEE = ("credit.view_creditaccount",)
RECORD = ("credit.record_receipt",)
DISPUTE = ("credit.dispute_invoice",)


class ReceivableViews(ApiViewSet):
    """Finding what belongs to customers that the caller may see, and showing it."""

    tag = "receivables"

    def invoices(self) -> Any:
        """The invoices that the caller may see."""
        return Invoice.objects.for_user(self.user).select_related("account__customer")

    def receipts(self) -> Any:
        """The receipts that the caller may see."""
        seen = Receipt.objects.filter(account__customer__in=Customer.objects.for_user(self.user))
        return seen.select_related("account__customer", "recorded_by")

    def dressed(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Invoices with how they stand today."""
        today = company_day(self.at)
        for row in rows:
            row.stands, row.late = row.standing(today), row.lateness(today)
        return rows

    def invoice_told(self, pk: int, status: int = 200) -> Response:
        """The invoice as it is now."""
        found = self.dressed([self.invoices().get(pk=pk)])[0]
        told = Whole(
            found,
            allocations=_allocations(found),
            adjustments=found.adjustments.select_related("by").order_by("pk"),
            disputes=found.disputes.select_related("opened_by", "resolved_by").order_by("pk"),
        )
        return Response(self.shown(InvoiceSerializer, told), status)

    def receipt_told(self, pk: int, status: int = 200) -> Response:
        """The receipt as it is now."""
        found = self.receipts().get(pk=pk)
        refunds = found.refunds.select_related("recorded_by").order_by("pk")
        told = Whole(found, allocations=_allocations(found), refunds=refunds)
        return Response(self.shown(ReceiptSerializer, told), status)


class InvoiceViewSet(ReceivableViews):
    """Invoices."""

    access = {
        "list": SEE,
        "export": SEE,
        "retrieve": SEE,
        "create": ("credit.add_invoice",),
        "disputes": DISPUTE,
        "credit_notes": ("credit.issue_credit_note",),
        "write_offs": ("credit.write_off",),
    }

    @described(
        "Find invoices, the latest first",
        gives=pages(InvoiceSummarySerializer),
        filters=ApiInvoiceFilter,
    )
    def list(self, request: Request) -> Response:
        form = ApiInvoiceFilter(request.GET)
        filtered(form)
        found = form.found(self.invoices(), company_day(self.at))
        return self.listed(found, InvoiceSummarySerializer, form.keys, self.dressed)

    @exported("Invoices", filters=ApiInvoiceFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        form, today = ApiInvoiceFilter(request.GET), company_day(self.at)
        filtered(form)
        return self.sent(invoice_sheet(form.found(self.invoices(), today), form.keys, today=today))

    @described("One invoice with the documents behind it", gives=InvoiceSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.invoice_told(pk)

    @described(
        "Bring over an open invoice of another system",
        takes=OpenItemIn,
        gives=InvoiceSerializer,
        status=201,
        example={
            "customer": "C00001",
            "number": "OLD-1001",
            "amount": "1200.00",
            "issued_on": "2026-02-01",
            "due_on": "2026-03-03",
        },
    )
    def create(self, request: Request) -> Response:
        given = self.given(OpenItemIn)
        account = account_with_code(self.user, given.pop("customer"))
        made = lifecycle.open_item(account_id=account.pk, by=self.user, at=self.at, **given)
        return self.invoice_told(made.pk, 201)

    @described(
        "Note that the customer objects", takes=DisputeIn, gives=InvoiceSerializer, status=201
    )
    @action(detail=True, methods=["post"])
    def disputes(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.open_dispute, self.given(DisputeIn))

    @described("Issue a credit note", takes=CreditNoteIn, gives=InvoiceSerializer, status=201)
    @action(detail=True, methods=["post"], url_path="credit-notes")
    def credit_notes(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.credit_note, self.given(CreditNoteIn))

    @described("Give a part up as lost", takes=WriteOffIn, gives=InvoiceSerializer, status=201)
    @action(detail=True, methods=["post"], url_path="write-offs")
    def write_offs(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.write_off, self.given(WriteOffIn))

    def _did(self, verb: Any, given: dict[str, Any]) -> Response:
        pk = self.invoices().get(pk=self.kwargs["pk"]).pk
        verb(invoice_id=pk, by=self.user, at=self.at, **given)
        return self.invoice_told(pk, 201)


class ReceiptFilter(forms.Form):
    """Which receipts are wanted."""

    customer = forms.IntegerField(label=gettext_lazy("Customer"), required=False, min_value=1)
    reference = forms.CharField(label=gettext_lazy("Bank reference"), required=False, max_length=80)
    unallocated = forms.BooleanField(label=gettext_lazy("Only with something left"), required=False)

    def narrow(self, receipts: Any) -> Any:
        """The receipts that pass every filter; only for a valid form."""
        chosen = self.cleaned_data
        if chosen["customer"]:
            receipts = receipts.filter(account__customer=chosen["customer"])
        if chosen["reference"]:
            receipts = receipts.filter(reference=chosen["reference"])
        return receipts.filter(unallocated__gt=0) if chosen["unallocated"] else receipts


class ReceiptViewSet(ReceivableViews):
    """Money that came in."""

    access = {
        "list": SEE,
        "retrieve": SEE,
        "create": RECORD,
        "allocate": RECORD,
        "refunds": ("credit.give_refund",),
    }

    @described(
        "Find receipts, the latest recorded first",
        gives=pages(ReceiptSummarySerializer),
        filters=ReceiptFilter,
    )
    def list(self, request: Request) -> Response:
        form = ReceiptFilter(request.GET)
        filtered(form)
        return self.listed(form.narrow(self.receipts()), ReceiptSummarySerializer, ("-pk",))

    @described("One receipt with where it went", gives=ReceiptSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.receipt_told(pk)

    @described(
        "Record money from a customer and allocate it",
        takes=ReceiptIn,
        gives=ReceiptSerializer,
        status=201,
        example={
            "customer": "C00001",
            "amount": "1200.00",
            "received_on": "2026-03-02",
            "reference": "BANK-20260302-17",
        },
    )
    def create(self, request: Request) -> Response:
        given = self.given(ReceiptIn)
        account, plan = account_with_code(self.user, given.pop("customer")), plan_of(given)
        made = lifecycle.record_receipt(
            account_id=account.pk, allocate=plan, by=self.user, at=self.at, **given
        )
        return self.receipt_told(made.pk, 201)

    @described("Allocate what is left of a receipt", takes=AllocateIn, gives=ReceiptSerializer)
    @action(detail=True, methods=["post"])
    def allocate(self, request: Request, pk: int) -> Response:
        given = self.given(AllocateIn)
        pk, plan = self.receipts().get(pk=pk).pk, plan_of(given)
        lifecycle.allocate(receipt_id=pk, parts=plan, by=self.user, at=self.at, **given)
        return self.receipt_told(pk)

    @described(
        "Give back what is left of a receipt", takes=GiveBackIn, gives=ReceiptSerializer, status=201
    )
    @action(detail=True, methods=["post"])
    def refunds(self, request: Request, pk: int) -> Response:
        given, pk = self.given(GiveBackIn), self.receipts().get(pk=pk).pk
        lifecycle.refund(receipt_id=pk, by=self.user, at=self.at, **given)
        return self.receipt_told(pk, 201)


class AllocationViewSet(ReceivableViews):
    """Allocations of receipts."""

    access = {"undo": RECORD}

    @described("Undo an allocation", takes=ReasonIn, gives=AllocationSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: int) -> Response:
        given = self.given(ReasonIn)
        found = Allocation.objects.filter(invoice__in=self.invoices()).get(pk=pk)
        done = lifecycle.unallocate(allocation_id=found.pk, by=self.user, at=self.at, **given)
        return Response(self.shown(AllocationSerializer, done))


class DisputeViewSet(ReceivableViews):
    """Disputes."""

    access = {"list": SEE, "resolve": DISPUTE}

    @described("Disputes that are open, the latest first", gives=pages(DisputeSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(self._disputes().open(), DisputeSerializer, ("-pk",))

    @described("End a dispute", takes=ResolveIn, gives=DisputeSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: int) -> Response:
        given, found = self.given(ResolveIn), self._disputes().get(pk=pk)
        lifecycle.resolve_dispute(dispute_id=found.pk, by=self.user, at=self.at, **given)
        return Response(self.shown(DisputeSerializer, self._disputes().get(pk=pk)))

    def _disputes(self) -> Any:
        seen = Dispute.objects.filter(invoice__in=Invoice.objects.for_user(self.user))
        return seen.select_related("invoice", "opened_by", "resolved_by")


def _allocations(document: Any) -> Any:
    found = document.allocations.select_related("invoice", "by", "reversed_by")
    return found.order_by("pk")
