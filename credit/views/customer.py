"""One customer: the credit at a glance, the documents behind it, and what was before."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from credit import overview, policies
from credit.ageing import ageing
from credit.days import company_day
from credit.enums import PromiseState
from credit.governing import candidates
from credit.models import CreditAccount, CreditLimit, Customer, Invoice, LedgerEntry, Promise
from credit.money import ZERO
from credit.scoring.explain import shown
from credit.told import changes
from credit.views.seen import get_customer
from staff.access import SignedInRequest, needs
from staff.keyset import page

OVERDUE_SHOWN = 20
LEDGER_SIZE = 25
LIMITS_SHOWN = 100
PROMISES_SHOWN = 5
SHEETS = ("customer", "customer_documents", "group", "customer_history")


@needs("credit.view_customer")
@require_safe
def customer(request: SignedInRequest, pk: int) -> HttpResponse:
    """The customer at a glance: what may be used, what is, how they pay, what they promised."""
    at = timezone.now()
    found = get_customer(request, pk, at)
    context = head(request, found, at, "customer")
    account = context["account"]
    if context["sees_credit"]:
        context |= _credit(account, at) | {"score": shown(found, account)}
        context["promises"] = _promises(account)[:PROMISES_SHOWN]
    if request.user.has_perm("credit.view_policy"):
        context["candidates"] = candidates(found)
    return render(request, "credit/customer.html", context)


@needs("credit.view_creditaccount")
@require_safe
def documents(request: SignedInRequest, pk: int) -> HttpResponse:
    """The documents behind the figures: orders, decisions, overdue invoices, the ledger."""
    at = timezone.now()
    found = get_customer(request, pk, at)
    context = head(request, found, at, "customer_documents")
    if account := context["account"]:
        entries = LedgerEntry.objects.filter(account=account).select_related("by")
        context |= _overdue(account, at)
        context["ledger"] = page(entries, request, keys=("-pk",), size=LEDGER_SIZE)
    return render(request, "credit/customer_documents.html", context)


@needs("credit.view_creditaccount")
@require_safe
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every limit and promise the customer ever had, and what was changed."""
    at = timezone.now()
    found = get_customer(request, pk, at)
    context = head(request, found, at, "customer_history")
    account = context["account"]
    if account:
        rows = CreditLimit.objects.filter(account=account).select_related(
            "granted_by", "requested_by", "ended_by"
        )
        context["limits"] = rows.order_by("-granted_at", "-pk")[:LIMITS_SHOWN]
        context["promises"] = _promises(account)[:LIMITS_SHOWN]
    context["changes"] = changes(found, account)
    context["today"] = company_day(at)
    return render(request, "credit/customer_history.html", context)


def head(request: SignedInRequest, found: Customer, at: datetime, sheet: str) -> dict[str, Any]:
    """What every sheet of a customer shows: the heading, the tabs, what may be done."""
    user, account = request.user, getattr(found, "account", None)
    sees = account is not None and user.has_perm("credit.view_creditaccount")
    labels = dict(
        zip(SHEETS, (_("Overview"), _("Documents"), _("Group"), _("History")), strict=True)
    )
    return {
        "customer": found,
        "account": account,
        "at": at,
        "sees_credit": sees,
        "may_limit": sees and user.has_perm("credit.change_limit"),
        "may_read_requests": sees and user.has_perm("approvals.view_approvalrequest"),
        "may_promise": account is not None and policies.can_record_promise(user, account),
        "parent": account.parent.customer if sees and account and account.parent else None,
        "tabs": [
            {
                "label": label,
                "url": reverse(f"credit:{name}", args=[found.pk]),
                "current": name == sheet,
            }
            for name, label in labels.items()
        ]
        if sees
        else [],
    }


def _credit(account: CreditAccount, at: datetime) -> dict[str, Any]:
    today = company_day(at)
    in_groups = overview.standing_in_groups(account, today)
    bands = ageing(account, today)
    return in_groups | {
        "bands": bands,
        "overdue": sum(band.amount for band in bands[1:]),
        "limit": account.effective_limit,
        "over": -(account.available or ZERO),
        "parts": overview.limit_parts(account, today),
        "limit_wording": overview.limit_wording(account.effective_limit),
        "review": overview.review_wording(account, today),
        "review_passed": account.review_on is not None and account.review_on < today,
        "used_chart": overview.used_chart(
            account, list(CreditLimit.objects.filter(account=account)), today
        ),
        "payments": overview.payments(account, today),
    }


def _overdue(account: CreditAccount, at: datetime) -> dict[str, Any]:
    today = company_day(at)
    late = Invoice.objects.open().filter(account=account, due_on__lt=today)
    invoices = list(late[: OVERDUE_SHOWN + 1])
    for invoice in invoices:
        invoice.days_late = (today - invoice.due_on).days  # type: ignore[attr-defined]
    bands = ageing(account, today)
    return {
        "bands": bands,
        "overdue": sum(band.amount for band in bands[1:]),
        "late": invoices[:OVERDUE_SHOWN],
        "more_late": len(invoices) > OVERDUE_SHOWN,
    }


def _promises(account: CreditAccount) -> Any:
    """Open ones first, as they fall due, then the latest that were settled."""
    rows = Promise.objects.filter(account=account).select_related("made_by")
    return sorted(
        rows.order_by("-due_on", "-pk")[:LIMITS_SHOWN],
        key=lambda promise: promise.state != PromiseState.OPEN,
    )
