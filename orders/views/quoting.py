"""What the order form asks for while somebody types: figures, products, pasted rows."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from credit.money import ZERO
from orders.catalogue import offers
from orders.enums import OrderState
from orders.foreseeing import foresee_amendment
from orders.forms.entry import OrderForm
from orders.forms.lines import MOST_LINES
from orders.lifecycle.splitting import header_of
from orders.models import Order
from orders.pasting import take
from orders.quote import Quote, quote
from orders.views.named import account_of, order_of
from staff.access import SignedInRequest, needs


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
        "customer": account.customer,
        **figures(request, form, order, at),
    }
    return render(request, "orders/_quote.html", context)


@needs("orders.add_order")
@require_safe
def product_options(request: SignedInRequest) -> HttpResponse:
    """Products that match the letters typed so far, with their price in the order's currency."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found = offers(words, request.GET.get("currency", "")[:3]) if words else []
    return render(request, "orders/_product_options.html", {"offers": found, "words": words})


@needs("orders.add_order")
@require_POST
def pasted(request: SignedInRequest) -> JsonResponse:
    """Rows copied from a sheet, cell by cell; what finds no room comes back as text."""
    taken = take(request.POST.get("pasted", "").replace("\x00", ""), MOST_LINES)
    return JsonResponse({"rows": taken.rows, "left": taken.left})


def figures(
    request: SignedInRequest, form: OrderForm, order: Order | None, at: datetime
) -> dict[str, Any]:
    """What the form shows beside the fields."""
    lines = form.lines.complete()
    return {
        "quote": _quote(request, form, order, at),
        "missing": len(form.lines.filled()) - len(lines),
        "see_margin": request.user.has_perm("orders.view_margin"),
        "longer_terms": _longer_terms(form),
    }


def _days(form: OrderForm) -> int:
    typed = str(form.head["payment_days"].value() or "")
    return int(typed) if typed.isdecimal() else form.account.customer.payment_days


def _longer_terms(form: OrderForm) -> int:
    """By how many days the terms are longer than the customer's own; 0 where they are not."""
    return max(_days(form) - form.account.customer.payment_days, 0)


def _quote(request: SignedInRequest, form: OrderForm, order: Order | None, at: datetime) -> Quote:
    lines = form.lines.inputs()
    if amends := released(order):
        # What is not typed right yet counts as it was.
        typed = not set(form.head.errors) - {"reason"}
        header = form.head.header() if typed else header_of(amends)
        return foresee_amendment(amends, form.account, header, lines, by=request.user, at=at)
    return quote(
        form.account,
        lines,
        currency=form.currency,
        payment_days=_days(form),
        paid=order.paid_amount if order else ZERO,
        at=at,
    )


def released(order: Order | None) -> Order | None:
    """The order, if the form is about changing a released one."""
    return order if order and order.state == OrderState.APPROVED else None


def _edited(request: SignedInRequest) -> Order | None:
    pk = request.POST.get("order", "")
    return order_of(request, int(pk)) if pk.isdecimal() and len(pk) < 19 else None
