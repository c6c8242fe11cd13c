"""Entering an order: choosing the customer, the form, and what it would come to."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.days import company_day
from credit.models import CreditAccount, Customer
from credit.money import ZERO
from credit.views.seen import accounts_with_limits
from orders import lifecycle, policies
from orders.catalogue import offers
from orders.enums import OrderState
from orders.errors import OrderError, StaleOrder
from orders.foreseeing import foresee_amendment
from orders.forms.entry import OrderForm, blank, copied, stored, with_lines, with_lots
from orders.lifecycle.splitting import header_of
from orders.models import Order
from orders.once import once
from orders.quote import Quote, quote
from staff.access import SignedInRequest, needs

CHOICES = 20


@needs("orders.add_order")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Choose a customer, then fill in the form; a second click makes no second order."""
    at = timezone.now()
    if request.method == "POST":
        return _posted(request, account_of(request, request.POST.get("customer", ""), at), None, at)
    if not request.GET.get("customer"):
        return _choose_customer(request, at)
    account = account_of(request, request.GET["customer"], at)
    return show(request, OrderForm(blank(account, token=_token()), account=account, at=at), at)


@needs("orders.add_order")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    at = timezone.now()
    order = order_of(request, pk)
    if order.state != OrderState.DRAFT or not policies.can_edit(request.user, order):
        messages.warning(request, _("Only a draft can be changed. Take the order back first."))
        return redirect("orders:detail", pk)
    account = account_of(request, str(order.customer_id), at)
    if request.method == "POST":
        return _posted(request, account, order, at)
    form = OrderForm(stored(order, at=at), account=account, at=at)
    return show(request, form, at, order=order)


@needs("orders.add_order")
@require_safe
def copy(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form of a new order like an old one; nothing is saved yet."""
    at = timezone.now()
    order = order_of(request, pk)
    account = account_of(request, str(order.customer_id), at)
    form = OrderForm(copied(order, token=_token()), account=account, at=at)
    return show(request, form, at, copied_from=order)


@needs("orders.add_order")
@require_POST
def quote_part(request: SignedInRequest) -> HttpResponse:
    """Totals, headroom and likely verdict for what is typed so far; writes nothing."""
    at = timezone.now()
    account = account_of(request, request.POST.get("customer", ""), at)
    order = _edited(request)
    form = OrderForm(request.POST, account=account, at=at, amends=released(order))
    context = {
        "form": form,
        "live": True,
        "amends": released(order),
        **_figures(request, form, order, at),
    }
    return render(request, "orders/_quote.html", context)


@needs("orders.add_order")
@require_safe
def product_options(request: SignedInRequest) -> HttpResponse:
    """Products that match the letters typed so far, with their price in the order's currency."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found = offers(words, request.GET.get("currency", "")[:3]) if words else []
    return render(request, "orders/_product_options.html", {"offers": found, "words": words})


def _choose_customer(request: SignedInRequest, at: datetime) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    customers = Customer.objects.for_user(request.user).prefetch_related(accounts_with_limits(at))
    found = customers.search(words) if words else customers
    context = {"words": words, "customers": found.order_by("code")[: CHOICES + 1], "most": CHOICES}
    part = "orders/_customer_choices.html" if request.htmx else "orders/choose_customer.html"  # type: ignore[attr-defined]
    return render(request, part, context)


def _posted(
    request: SignedInRequest, account: CreditAccount, order: Order | None, at: datetime
) -> HttpResponse:
    wish = request.POST.get("do", "draft")
    if wish == "more" or wish.startswith("remove-"):
        place = wish.removeprefix("remove-")
        data = with_lines(request.POST, without=int(place) if place.isdecimal() else None)
        return show(request, OrderForm(data, account=account, at=at), at, order=order)
    form = OrderForm(request.POST, account=account, at=at)
    valid = form.is_valid()
    if valid and (wish != "submit" or form.require_lines()):
        try:
            return _saved(request, form, order, wish == "submit", at)
        except StaleOrder as error:
            return stale(request, form, order, error, at)
        except OrderError as error:
            form.head.add_error(None, str(error))
    return show(request, form, at, order=order, status=422)


def _saved(
    request: SignedInRequest, form: OrderForm, order: Order | None, submit: bool, at: datetime
) -> HttpResponse:
    """Save the draft, and submit it if asked to; each is a verb and a transaction of its own."""
    user, lines = request.user, form.lines.inputs()
    content: dict[str, Any] = {
        "header": form.head.header(),
        "lines": with_lots(lines, order) if order else lines,
        "by": user,
        "at": at,
    }
    fresh = True
    if order is None:
        saved, fresh = once(
            form.head.cleaned_data["token"],
            user,
            lambda: lifecycle.create_draft(customer_id=form.account.customer_id, **content),
        )
    else:
        seen = form.head.cleaned_data["seen_version"] or 0
        saved = lifecycle.edit_draft(order_id=order.pk, seen_version=seen, **content)
    if submit and fresh:
        return submit_and_tell(request, saved, at)
    if fresh:
        messages.success(request, _("Draft %(number)s is saved.") % {"number": saved.number})
    return redirect("orders:detail", saved.pk)


def submit_and_tell(request: SignedInRequest, order: Order, at: datetime) -> HttpResponse:
    """Submit the version in hand and say what the gate found."""
    number = {"number": order.number}
    try:
        order = lifecycle.submit(
            order_id=order.pk, by=request.user, at=at, seen_version=order.version
        )
    except OrderError as error:
        messages.error(request, str(error))
        return redirect("orders:detail", order.pk)
    if order.state == OrderState.CREDIT_PASSED:
        text = _("Order %(number)s passed its checks; an approver releases it.")
        messages.info(request, text % number)
    elif order.state == OrderState.CREDIT_FAILED:
        text = _("Order %(number)s did not pass its checks; a credit analyst decides now.")
        messages.warning(request, text % number)
    else:
        messages.success(request, _("Order %(number)s passed its checks and is released.") % number)
    return redirect("orders:detail", order.pk)


def stale(
    request: SignedInRequest, form: OrderForm, order: Order | None, error: StaleOrder, at: datetime
) -> HttpResponse:
    """Keep what was typed and say what happened; saving once more is then a decision."""
    now = order_of(request, order.pk) if order else None
    data = request.POST.copy()
    data["seen_version"] = str(now.version) if now else ""
    again = OrderForm(data, account=form.account, at=at, amends=released(now))
    again.is_valid()
    again.head.add_error(None, str(error))
    more = {"order": now, "amends": released(now), "stale": True}
    return show(request, again, at, status=409, **more)


def show(
    request: SignedInRequest, form: OrderForm, at: datetime, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The form with its figures; `more` says which order it is about."""
    context = {
        "form": form,
        "account": form.account,
        "customer": form.account.customer,
        "failed": status != 200,
        **_figures(request, form, more.get("order"), at),
        **more,
    }
    return render(request, "orders/form.html", context, status=status)


def _figures(
    request: SignedInRequest, form: OrderForm, order: Order | None, at: datetime
) -> dict[str, Any]:
    lines = form.lines.complete()
    return {
        "quote": _quote(request, form, order, at),
        "missing": len(form.lines.filled()) - len(lines),
        "see_margin": request.user.has_perm("orders.view_margin"),
    }


def _quote(request: SignedInRequest, form: OrderForm, order: Order | None, at: datetime) -> Quote:
    lines = form.lines.inputs()
    if amends := released(order):
        # What is not typed right yet counts as it was.
        typed = not set(form.head.errors) - {"reason"}
        header = form.head.header() if typed else header_of(amends)
        kept = with_lots(lines, amends)
        return foresee_amendment(amends, form.account, header, kept, by=request.user, at=at)
    terms = form.head["payment_days"].value() or ""
    return quote(
        form.account,
        lines,
        currency=form.currency,
        payment_days=int(terms) if str(terms).isdecimal() else form.account.customer.payment_days,
        paid=order.paid_amount if order else ZERO,
        at=at,
    )


def released(order: Order | None) -> Order | None:
    """The order, if the form is about changing a released one."""
    return order if order and order.state == OrderState.APPROVED else None


def _edited(request: SignedInRequest) -> Order | None:
    pk = request.POST.get("order", "")
    return order_of(request, int(pk)) if pk.isdecimal() and len(pk) < 19 else None


def order_of(request: SignedInRequest, pk: int) -> Order:
    """An order that this user may see. Raises Http404 for any other."""
    orders = Order.objects.for_user(request.user).select_related("customer")
    return get_object_or_404(orders, pk=pk)


def account_of(request: SignedInRequest, customer: str, at: datetime) -> CreditAccount:
    """The account of a customer of this user. Raises Http404 for any other."""
    if not customer.isdecimal() or len(customer) > 18:
        raise Http404
    customers = Customer.objects.for_user(request.user)
    found = get_object_or_404(customers, pk=int(customer))
    accounts = CreditAccount.objects.with_limits(company_day(at))
    return get_object_or_404(accounts, customer=found)


def _token() -> str:
    return uuid.uuid4().hex
