"""What is done to receivables, each with its form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from credit import lifecycle, policies
from credit.days import company_day
from credit.models import Allocation, CreditAccount, Dispute, Invoice, Receipt
from credit.money import ZERO
from credit.receivables.forms import (
    OFFERED,
    CreditNoteForm,
    DisputeForm,
    OpenItemForm,
    PartsForm,
    ReceiptForm,
    RefundForm,
    ResolveForm,
    UndoForm,
    WriteOffForm,
)
from credit.receivables.pages import account_of, get_invoice
from staff.access import SignedInRequest, needs

Policy = Callable[[Any, CreditAccount], bool]


@needs("credit.record_receipt")
@require_http_methods(["GET", "HEAD", "POST"])
def record_receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record money of a customer; the preview shows how it is spread before it is."""
    at = timezone.now()
    account = account_of(request, pk)
    _guard(policies.can_record_receipt, request, account)
    form = ReceiptForm(
        request.POST or None,
        currency=account.currency,
        today=company_day(at),
        **_open_items(request, account),
    )
    if form.is_valid() and "preview" not in request.POST:
        given = form.cleaned_data
        done = _try(form, lambda: lifecycle.record_receipt(
            account_id=account.pk, amount=given["amount"], received_on=given["received_on"],
            method=given["method"], reference=given["reference"], allocate=form.plan(),
            write_off_residue=given.get("residue", False), by=request.user, at=at,
        ))  # fmt: skip
        if done:
            messages.success(request, _("The receipt is recorded."))
            return redirect("credit:receivables", pk)
    return _parts_page(request, account, form, None)


@needs("credit.record_receipt")
@require_http_methods(["GET", "HEAD", "POST"])
def allocate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Allocate what is left of a receipt."""
    receipt = get_object_or_404(Receipt.objects.select_related("account__customer"), pk=pk)
    account = account_of(request, receipt.account.customer_id)
    _guard(policies.can_record_receipt, request, account)
    form = PartsForm(request.POST or None, **_open_items(request, account))
    if form.is_valid():
        residue = form.cleaned_data.get("residue", False)
        done = _try(form, lambda: lifecycle.allocate(
            receipt_id=receipt.pk, parts=form.plan(), write_off_residue=residue, by=request.user,
            at=timezone.now(),
        ))  # fmt: skip
        if done:
            messages.success(request, _("The receipt is allocated."))
            return redirect("credit:receivables", account.customer_id)
    return _parts_page(request, account, form, receipt)


@needs("credit.record_receipt")
@require_http_methods(["GET", "HEAD", "POST"])
def unallocate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a receipt off an invoice again."""
    found = get_object_or_404(Allocation.objects.select_related("invoice", "receipt"), pk=pk)
    invoice = get_invoice(request, found.invoice_id)
    _guard(policies.can_record_receipt, request, invoice.account)
    form = UndoForm(request.POST or None)
    if form.is_valid() and _try(
        form,
        lambda: lifecycle.unallocate(
            allocation_id=pk, by=request.user, at=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("The allocation is undone."))
        return redirect("credit:invoice", invoice.pk)
    text = _("%(amount)s %(currency)s of the receipt are taken off; the invoice is owed again.")
    figures = {"amount": found.amount, "currency": invoice.account.currency}
    return _act_page(request, invoice, form, _("Undo allocation"), text % figures)


@needs("credit.give_refund")
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give back what is left of a receipt."""
    at = timezone.now()
    receipt = get_object_or_404(Receipt.objects.select_related("account"), pk=pk)
    account = account_of(request, receipt.account.customer_id)
    _guard(policies.can_refund, request, account)
    form = RefundForm(request.POST or None, receipt=receipt, today=company_day(at))
    if form.is_valid() and _try(
        form,
        lambda: lifecycle.refund(
            receipt_id=receipt.pk, by=request.user, at=at, **form.cleaned_data
        ),
    ):
        messages.success(request, _("The refund is recorded."))
        return redirect("credit:receivables", account.customer_id)
    context = {"customer": account.customer, "account": account, "receipt": receipt, "form": form}
    status = 422 if form.errors else 200
    return render(request, "credit/receivables/refund.html", context, status=status)


@needs("credit.dispute_invoice")
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that the customer objects to an invoice."""
    invoice = get_invoice(request, pk)
    _guard(policies.can_dispute, request, invoice.account)
    form = DisputeForm(request.POST or None, invoice=invoice)
    text = _("What is disputed is left out when receipts are allocated to the oldest invoices.")
    return _on_invoice(
        request, invoice, form, lifecycle.open_dispute,
        label=_("Dispute invoice"), text=text, done=_("The dispute is noted."),
    )  # fmt: skip


@needs("credit.issue_credit_note")
@require_http_methods(["GET", "HEAD", "POST"])
def credit_note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lower what is owed on an invoice."""
    invoice = get_invoice(request, pk)
    _guard(policies.can_credit, request, invoice.account)
    form = CreditNoteForm(request.POST or None, invoice=invoice)
    return _on_invoice(
        request, invoice, form, lifecycle.credit_note,
        label=_("Issue credit note"), text="", done=_("The credit note is issued."),
    )  # fmt: skip


@needs("credit.write_off")
@require_http_methods(["GET", "HEAD", "POST"])
def write_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give up a part of an invoice as lost."""
    invoice = get_invoice(request, pk)
    _guard(policies.can_write_off, request, invoice.account)
    form = WriteOffForm(request.POST or None, invoice=invoice)
    text = _("The amount is given up as lost. This cannot be undone.")
    return _on_invoice(
        request, invoice, form, lifecycle.write_off,
        label=_("Write off"), text=text, done=_("The amount is written off."), danger=True,
    )  # fmt: skip


@needs("credit.dispute_invoice")
@require_http_methods(["GET", "HEAD", "POST"])
def resolve_dispute(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a dispute."""
    found = get_object_or_404(Dispute, pk=pk)
    invoice = get_invoice(request, found.invoice_id)
    _guard(policies.can_dispute, request, invoice.account)
    form = ResolveForm(request.POST or None)
    if form.is_valid() and _try(
        form,
        lambda: lifecycle.resolve_dispute(
            dispute_id=pk, by=request.user, at=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("The dispute is resolved."))
        return redirect("credit:invoice", invoice.pk)
    return _act_page(request, invoice, form, _("Resolve dispute"), found.note)


@needs("credit.add_invoice")
@require_http_methods(["GET", "HEAD", "POST"])
def open_item(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bring over one open invoice of another system."""
    account = account_of(request, pk)
    _guard(policies.can_open_item, request, account)
    form = OpenItemForm(request.POST or None, currency=account.currency)
    if form.is_valid() and _try(
        form,
        lambda: lifecycle.open_item(
            account_id=account.pk, by=request.user, at=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("The open item is entered."))
        return redirect("credit:receivables", pk)
    context = {"customer": account.customer, "form": form}
    status = 422 if form.errors else 200
    return render(request, "credit/receivables/open_item.html", context, status=status)


def _on_invoice(
    request: SignedInRequest,
    invoice: Invoice,
    form: forms.Form,
    verb: Callable[..., object],
    *,
    done: str,
    **look: Any,
) -> HttpResponse:
    """Ask for what the verb needs, and do it."""

    def act() -> object:
        return verb(invoice_id=invoice.pk, by=request.user, at=timezone.now(), **form.cleaned_data)

    if form.is_valid() and _try(form, act):
        messages.success(request, done)
        return redirect("credit:invoice", invoice.pk)
    return _act_page(request, invoice, form, **look)


def _act_page(
    request: SignedInRequest,
    invoice: Invoice,
    form: forms.Form,
    label: str,
    text: str,
    danger: bool = False,
) -> HttpResponse:
    context = {
        "invoice": invoice,
        "customer": invoice.account.customer,
        "currency": invoice.account.currency,
        "form": form,
        "label": label,
        "text": text,
        "danger": danger,
    }
    status = 422 if form.errors else 200
    return render(request, "credit/receivables/act.html", context, status=status)


def _parts_page(
    request: SignedInRequest, account: CreditAccount, form: PartsForm, receipt: Receipt | None
) -> HttpResponse:
    amount = receipt.unallocated if receipt else ZERO
    if receipt is None and form.is_bound and not form.errors.get("amount"):
        amount = form.cleaned_data.get("amount") or ZERO
    rows = form.rows(amount)
    context = {
        "customer": account.customer,
        "account": account,
        "receipt": receipt,
        "form": form,
        "rows": rows,
        "amount": amount,
        "left": amount - sum(planned for _invoice, _field, planned in rows),
        "more": account.invoices.open().count() > len(rows) if len(rows) == OFFERED else False,
    }
    status = 422 if form.errors else 200
    return render(request, "credit/receivables/parts.html", context, status=status)


def _open_items(request: SignedInRequest, account: CreditAccount) -> dict[str, Any]:
    return {
        "invoices": list(account.invoices.open()[:OFFERED]),
        "may_write_off": policies.can_write_off(request.user, account),
    }


def _guard(policy: Policy, request: SignedInRequest, account: CreditAccount) -> None:
    if not policy(request.user, account):
        raise PermissionDenied


def _try(form: forms.Form, verb: Callable[[], object]) -> bool:
    """Whether the verb was done; a refusal stands on the form."""
    try:
        verb()
    except lifecycle.CreditError as error:
        form.add_error(None, str(error))
        return False
    return True
