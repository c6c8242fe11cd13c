"""Receivables to look at: of the company, of one customer, of one invoice."""

from datetime import date
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Sum
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from credit import policies
from credit.ageing import BANDS, aged, ageing, named
from credit.days import company_day
from credit.enums import Movement
from credit.models import CreditAccount, Customer, Invoice, LedgerEntry, Receipt, Refund
from credit.models.receivable import InvoiceQuerySet
from credit.receivables.export import invoice_sheet
from credit.receivables.listing import Listing, listing
from credit.told import changes_of
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page
from staff.models import User

RECEIPTS_SHOWN = 20


@needs("credit.view_invoice")
@require_safe
def invoices(request: SignedInRequest) -> HttpResponse:
    """The invoices of all customers this user may see, with their age by currency."""
    today = company_day(timezone.now())
    seen = Invoice.objects.for_user(request.user)
    found = listing(request, seen, today)
    context = _list(request, found, today) | {"ages": _ages(seen, today), "bands": BANDS}
    return render(
        request, "credit/receivables/list.html", context, status=400 if found.form.errors else 200
    )


@needs("credit.view_invoice")
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    today = company_day(timezone.now())
    found = listing(request, Invoice.objects.for_user(request.user), today)
    if found.form.errors:
        return invoices(request)
    return download(request, invoice_sheet(found.invoices, found.keys, today=today))


@needs("credit.view_creditaccount")
@require_safe
def receivables(request: SignedInRequest, pk: int) -> HttpResponse:
    """One customer's invoices and receipts."""
    today = company_day(timezone.now())
    account = account_of(request, pk)
    found = listing(request, Invoice.objects.filter(account=account), today, one_customer=True)
    bands = ageing(account, today)
    receipts = Receipt.objects.filter(account=account).select_related("recorded_by")
    # Those with something left come first: they wait for somebody.
    waits = ExpressionWrapper(Q(unallocated__gt=0), output_field=BooleanField())
    shown = receipts.order_by(waits.desc(), "-received_on", "-pk")
    waiting = receipts.filter(unallocated__gt=0).aggregate(sum=Sum("unallocated"))["sum"]
    context = _list(request, found, today) | {
        "customer": account.customer,
        "account": account,
        "bands": bands,
        "overdue": sum(band.amount for band in bands[1:]),
        "receipts": shown[:RECEIPTS_SHOWN],
        "unallocated": waiting,
        "refunds": _refunds(account),
        "may_refund": policies.can_refund(request.user, account),
        "may_record": policies.can_record_receipt(request.user, account),
        "may_open": policies.can_open_item(request.user, account),
    }
    return render(
        request,
        "credit/receivables/customer.html",
        context,
        status=400 if found.form.errors else 200,
    )


@needs("credit.view_creditaccount")
@require_safe
def invoice(request: SignedInRequest, pk: int) -> HttpResponse:
    """One invoice with every document behind its figures."""
    today = company_day(timezone.now())
    found = get_invoice(request, pk)
    context = {
        "invoice": found,
        "customer": found.account.customer,
        "currency": found.account.currency,
        "standing": found.standing(today),
        "days_late": found.lateness(today),
        "allocations": found.allocations.select_related("receipt", "by", "reversed_by").order_by(
            "pk"
        ),
        "paid": found.allocations.standing().aggregate(sum=Sum("amount"))["sum"],
        "adjustments": found.adjustments.select_related("by").order_by("pk"),
        "disputes": found.disputes.select_related("opened_by", "resolved_by").order_by("pk"),
        "ledger": _moves(found),
        "changes": changes_of(found),
        "actions": _actions(request.user, found),
        "may_undo": policies.can_record_receipt(request.user, found.account),
        "may_resolve": policies.can_dispute(request.user, found.account),
    }
    return render(request, "credit/receivables/invoice.html", context)


def account_of(request: SignedInRequest, pk: int) -> CreditAccount:
    """The account of a customer whom this user may see. Raises Http404."""
    seen = Customer.objects.for_user(request.user)
    accounts = CreditAccount.objects.select_related("customer__owner")
    return get_object_or_404(accounts, customer__in=seen, customer=pk)


def get_invoice(request: SignedInRequest, pk: int) -> Invoice:
    """An invoice of a customer whom this user may see. Raises Http404."""
    seen = Invoice.objects.for_user(request.user).select_related("account__customer")
    return get_object_or_404(seen, pk=pk)


def _list(request: SignedInRequest, found: Listing, today: date) -> dict[str, Any]:
    rows = page(found.invoices.select_related("account__customer"), request, keys=found.keys)
    for row in rows.rows:
        row.stands = row.standing(today)
        row.late = row.lateness(today)
    return {"form": found.form, "tabs": found.tabs, "listing": found, "page": rows}


def _refunds(account: CreditAccount) -> QuerySet[Refund]:
    """The last refunds, those of orders as well."""
    found = Refund.objects.filter(receipt__account=account).select_related("receipt", "recorded_by")
    return found.order_by("-at", "-pk")[:RECEIPTS_SHOWN]


def _ages(seen: InvoiceQuerySet, today: date) -> list[dict[str, Any]]:
    """The bands of each currency in which something is open."""
    opened = seen.filter(open_amount__gt=0)
    currencies = opened.order_by().values_list("account__currency", flat=True).distinct()
    ages = []
    for currency in sorted(currencies):
        bands = named(aged(seen.filter(account__currency=currency), today))
        ages.append(
            {
                "currency": currency,
                "bands": bands,
                "open": sum(band.amount for band in bands),
                "overdue": sum(band.amount for band in bands[1:]),
                "count": sum(band.count for band in bands),
            }
        )
    return ages


def _moves(found: Invoice) -> QuerySet[LedgerEntry]:
    """The ledger's entries of the invoice; those of its order's invoicing and payments as well."""
    own = Q(invoice=found)
    if found.order_id:
        money = (Movement.INVOICE, Movement.PAY, Movement.SETTLE)
        own |= Q(order_id=found.order_id, invoice=None, movement__in=money)
    return LedgerEntry.objects.filter(own).order_by("pk")


def _actions(user: User, found: Invoice) -> list[dict[str, Any]]:
    """What this person may do with the invoice now, with the reason where it cannot be done."""
    account = found.account
    settled = "" if found.open_amount else _("Nothing is open on this invoice.")
    disputed = _("It is disputed already.") if found.disputed_amount else ""
    offered: list[tuple[bool, dict[str, Any], tuple[str, int], str]] = [
        (
            policies.can_record_receipt(user, account),
            {"label": _("Record receipt"), "icon": "cash", "primary": True},
            ("credit:record_receipt", account.customer_id),
            settled,
        ),
        (
            policies.can_dispute(user, account),
            {"label": _("Dispute invoice"), "icon": "hand-stop"},
            ("credit:dispute", found.pk),
            settled or disputed,
        ),
        (
            policies.can_credit(user, account),
            {"label": _("Issue credit note"), "icon": "file-invoice"},
            ("credit:credit_note", found.pk),
            settled,
        ),
        (
            policies.can_write_off(user, account),
            {"label": _("Write off"), "icon": "trash", "danger": True},
            ("credit:write_off", found.pk),
            settled,
        ),
    ]
    return [
        look | {"url": reverse(name, args=[pk]), "reason": reason}
        for may, look, (name, pk), reason in offered
        if may
    ]
