from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from credit import lifecycle
from credit.ageing import ageing, overdue_sum
from credit.days import company_day
from credit.enums import CreditAction, CustomerStatus, LimitKind
from credit.forms import CustomerFilter, LimitForm
from credit.governing import candidates
from credit.models import CreditAccount, Customer, Invoice, LedgerEntry
from credit.scoring.explain import shown
from journal.models import Entry
from staff.access import SignedInRequest, needs
from staff.keyset import page
from staff.models import User

VIEWS = {"all": "", "watch": CustomerStatus.WATCH, "blacklisted": CustomerStatus.BLACKLISTED}
SORTS = {"code": ("code", "pk"), "name": ("name", "pk")}
OVERDUE_SHOWN = 20
CHANGES_SHOWN = 20
LEDGER_SIZE = 25


@needs("credit.view_customer")
@require_safe
def customers(request: SignedInRequest) -> HttpResponse:
    """The customers this user may see, with their credit at a glance."""
    user, at = request.user, timezone.now()
    form = CustomerFilter(request.GET, user=user)
    view = request.GET.get("view", "all")
    rows = form.narrow(_in_view(Customer.objects.for_user(user), user, view))
    rows = rows.select_related("segment", "owner")
    rows = rows.prefetch_related(accounts_with_limits(at)).annotate(
        overdue=overdue_sum(company_day(at))
    )
    context = {
        "form": form,
        "tabs": _tabs(user, view),
        "page": page(rows, request, keys=_keys(request.GET.get("sort", ""))),
        "sees_credit": user.has_perm("credit.view_creditaccount"),
    }
    return render(request, "credit/customers.html", context, status=400 if form.errors else 200)


@needs("credit.view_customer")
@require_safe
def customer(request: SignedInRequest, pk: int) -> HttpResponse:
    """One customer: credit, what is overdue, the latest orders, the ledger and the history."""
    at = timezone.now()
    found = _get(request, pk, at)
    account = getattr(found, "account", None)
    context: dict[str, Any] = {"customer": found, "account": account, "at": at}
    context["changes"] = _changes(found, account)
    if request.user.has_perm("credit.view_policy"):
        context["candidates"] = candidates(found)
    if account and request.user.has_perm("credit.view_creditaccount"):
        context |= _credit(account, at) | {
            "score": shown(found, account),
            "ledger": page(_ledger(account), request, keys=("-pk",), size=LEDGER_SIZE),
            "may_change_limit": request.user.has_perm("credit.change_limit"),
        }
    return render(request, "credit/customer.html", context)


@needs("credit.change_limit")
@require_http_methods(["GET", "HEAD", "POST"])
def change_limit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the account another limit, with the reason."""
    user, at = request.user, timezone.now()
    found = _get(request, pk, at)
    account = getattr(found, "account", None)
    if account is None:
        raise Http404
    form = LimitForm(request.POST or None, account=account)
    # A remedy of an order that waits leads here with the limit that it needs.
    form.initial.update(
        {name: request.GET[name] for name in ("kind", "amount") if name in request.GET}
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        limit = lifecycle.LimitInput(kind=values["kind"], amount=values["amount"])
        try:
            lifecycle.grant_limit(
                account_id=account.pk, limit=limit, reason=values["reason"], by=user, at=at
            )
        except lifecycle.CreditError as error:
            form.add_error("amount", str(error))
        else:
            messages.success(request, _("The limit is changed."))
            return redirect("credit:customer", pk)
    context = {"customer": found, "account": account, "form": form}
    status = 422 if form.errors else 200
    return render(request, "credit/change_limit.html", context, status=status)


def _get(request: SignedInRequest, pk: int, at: datetime) -> Customer:
    seen = Customer.objects.for_user(request.user).select_related("segment", "owner")
    return get_object_or_404(seen.prefetch_related(accounts_with_limits(at)), pk=pk)


def accounts_with_limits(at: datetime) -> Prefetch:
    """The accounts of customers, able to say what they may use at `at`."""
    return Prefetch("account", queryset=CreditAccount.objects.with_limits(company_day(at)))


def _credit(account: CreditAccount, at: datetime) -> dict[str, Any]:
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
        "limit_wording": _limit_wording(account),
    }


def _limit_wording(account: CreditAccount) -> str:
    limit = account.effective_limit
    kind, inherited = limit.kind, limit.inherited
    words = {
        LimitKind.NONE: _("No credit is granted: every order must be paid in advance or approved."),
        LimitKind.AMOUNT: _("The limit is an amount of this account's own."),
        LimitKind.UNLIMITED: _("There is no limit; what is used is only counted."),
        LimitKind.GROUP: _("The limit is that of the group."),
    }
    if not inherited:
        return words[LimitKind(kind)]
    if kind == LimitKind.NONE:
        return _("The limit is that of the segment, which grants no credit in this currency.")
    if kind == LimitKind.UNLIMITED:
        return _("The limit is that of the segment, which sets none.")
    return _("The limit is that of the segment.")


def _ledger(account: CreditAccount) -> Any:
    return LedgerEntry.objects.filter(account=account).select_related("by")


def _changes(found: Customer, account: CreditAccount | None) -> list[dict[str, Any]]:
    """The history of customer and account, newest first, for the timeline."""
    entries = list(Entry.objects.about(found)[:CHANGES_SHOWN])
    if account:
        entries += Entry.objects.about(account)[:CHANGES_SHOWN]
    entries.sort(key=lambda entry: (entry.at, entry.pk), reverse=True)
    return [
        {
            "title": entry.label,
            "at": entry.at,
            "who": entry.by or _("Ordergate"),
            "text": "\n".join(filter(None, [_limits(entry, account), entry.reason])),
            "icon": "gauge" if entry.action == CreditAction.LIMIT_CHANGED else "pencil",
        }
        for entry in entries[:CHANGES_SHOWN]
    ]


def _limits(entry: Entry, account: CreditAccount | None) -> str:
    if entry.action != CreditAction.LIMIT_CHANGED or account is None:
        return ""
    before, after = (_limit(entry.data.get(side, {}), account) for side in ("before", "after"))
    return _("From %(before)s to %(after)s.") % {"before": before, "after": after}


def _limit(limit: dict[str, Any], account: CreditAccount) -> str:
    if limit.get("amount") is not None:
        return f"{limit['amount']} {account.currency}"
    return str(dict(LimitKind.choices).get(limit.get("kind", ""), "–"))


def _in_view(seen: Any, user: User, view: str) -> Any:
    if view == "mine":
        return seen.filter(owner=user)
    return seen.filter(status=VIEWS[view]) if VIEWS.get(view) else seen


def _keys(sort: str) -> tuple[str, ...]:
    columns = SORTS.get(sort.lstrip("-"), SORTS["code"])
    return tuple(f"-{column}" for column in columns) if sort.startswith("-") else columns


def _tabs(user: User, view: str) -> list[dict[str, Any]]:
    labels = {
        "all": _("All"),
        "mine": _("Mine"),
        "watch": _("Watch list"),
        "blacklisted": _("Blacklisted"),
    }
    # Salespeople see only their own anyway, and nobody else has any.
    if not (user.has_perm("credit.view_all_customers") and user.has_perm("orders.add_order")):
        del labels["mine"]
    shown = view if view in labels else "all"
    return [
        {"label": label, "url": f"?view={code}", "current": code == shown}
        for code, label in labels.items()
    ]
