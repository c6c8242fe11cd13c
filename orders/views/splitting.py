"""What a salesperson does about a failed order at once: split it, or have it checked again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orders import lifecycle, policies
from orders.enums import OrderState
from orders.errors import OrderError
from orders.foreseeing import foresee_split
from orders.models import Product
from orders.views.detail import get_order
from staff.access import SignedInRequest, needs


@needs("orders.submit_order")
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show both parts of the order as they would be, and make them when confirmed."""
    at, order = timezone.now(), get_order(request, pk)
    if order.state != OrderState.CREDIT_FAILED or not policies.can_split(request.user, order):
        messages.warning(request, _("Only an order that did not pass its checks can be split so."))
        return redirect("orders:detail", pk)
    try:
        if request.method == "POST":
            seen = request.POST.get("seen_version", "")
            return _split(request, pk, int(seen) if seen.isdecimal() and len(seen) < 10 else 0)
        parts = foresee_split(order, by=request.user, at=at)
    except OrderError as error:
        messages.warning(request, str(error))
        return redirect("orders:detail", pk)
    products = Product.objects.in_bulk({line.product_id for line in parts.kept + parts.rest})
    named = [
        [(products[line.product_id], line) for line in lines] for lines in (parts.kept, parts.rest)
    ]
    context = {"order": order, "parts": parts, "kept": named[0], "rest": named[1], "at": at}
    return render(request, "orders/split.html", context)


def _split(request: SignedInRequest, pk: int, seen_version: int) -> HttpResponse:
    kept, rest = lifecycle.split(
        order_id=pk, by=request.user, at=timezone.now(), seen_version=seen_version
    )
    text = _("Order %(number)s is released with what fits; the rest is draft %(rest)s.")
    messages.success(request, text % {"number": kept.number, "rest": rest.number})
    return redirect("orders:detail", kept.pk)


@needs("orders.submit_order", "orders.record_payment", "approvals.decide")
@require_POST
def check_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask the gate again about an order that waits; a pass releases it."""
    order = get_order(request, pk)
    if order.state == OrderState.CREDIT_FAILED:
        order = lifecycle.reevaluate(order_id=pk, by=request.user, at=timezone.now())
    if order.state == OrderState.CREDIT_FAILED:
        messages.warning(request, _("Something still stands in the way; see below."))
    else:
        messages.success(
            request, _("Order %(number)s passes its checks now.") % {"number": order.number}
        )
    return redirect("orders:detail", pk)
