"""Entering an order: choosing the customer, the form, and saving what was typed."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from credit import lifecycle as credit
from credit.models import CreditAccount, Customer
from credit.policies import can_keep_addresses
from credit.views.seen import accounts_with_limits
from orders import lifecycle, policies
from orders.enums import OrderState
from orders.errors import OrderError, StaleOrder
from orders.forms.addresses import offered
from orders.forms.entry import OrderForm, blank, copied, stored
from orders.forms.reshaping import reshaped
from orders.models import Order
from orders.once import once
from orders.views.named import account_of, order_of
from orders.views.quoting import figures, released
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
    if data := reshaped(request.POST, account.customer):
        form = OrderForm(data, account=account, at=at)
        return show(request, form, at, order=order, pasted=data.get("pasted"))
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
    user = request.user
    content: dict[str, Any] = {
        "header": form.head.header(),
        "lines": form.lines.inputs(),
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
    if fresh:
        keep_address(request, form, at)
    if submit and fresh:
        return submit_and_tell(request, saved, at)
    if fresh:
        messages.success(request, _("Draft %(number)s is saved.") % {"number": saved.number})
    return redirect("orders:detail", saved.pk)


def keep_address(request: SignedInRequest, form: OrderForm, at: datetime) -> None:
    """Put the typed address into the customer's book, if asked to and it is new."""
    values = form.head.cleaned_data
    if not values["keep_address"] or not values["ship_to_address"]:
        return
    place = credit.Place(*(values[f"ship_to_{name}"] for name in ("address", "name", "phone")))
    customer_id = form.account.customer_id
    try:
        credit.add_address(customer_id=customer_id, place=place, by=request.user, at=at)
    except (credit.CreditError, PermissionDenied) as error:
        messages.info(request, str(error))


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
        text = _("Order %(number)s did not pass its checks; an approver decides now.")
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
        "addresses": offered(form.account.customer),
        "may_keep_address": can_keep_addresses(request.user, form.account.customer),
        **figures(request, form, more.get("order"), at),
        **more,
    }
    return render(request, "orders/form.html", context, status=status)


def _token() -> str:
    return uuid.uuid4().hex
