"""Orders and products as lists."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from credit.models import Customer
from orders.export import order_sheet, product_sheet
from orders.forms.filters import ProductFilter
from orders.listing import listing, tabs
from orders.models import Decision, Order, Product, ProductPrice
from orders.models.product import ProductQuerySet
from orders.reasons import in_words
from orders.risk import flags_of
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page

RECENT = 10


@needs("orders.view_order")
@require_safe
def order_list(request: SignedInRequest) -> HttpResponse:
    """Orders this user may see, narrowed, sorted, page by page."""
    user = request.user
    found = listing(request)
    rows = found.orders.select_related("customer", "owner").with_held().with_conditional()
    context = {
        "tabs": tabs(user, found.code),
        "listing": found,
        "form": found.form,
        "page": page(rows, request, keys=found.keys),
        "may_enter": user.has_perm("orders.add_order"),
    }
    return render(request, "orders/list.html", context, status=400 if found.form.errors else 200)


@needs("orders.view_order")
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    found = listing(request)
    if found.form.errors:
        return order_list(request)
    margin = request.user.has_perm("orders.view_margin")
    return download(request, order_sheet(found.orders, found.keys, margin=margin))


@needs("orders.view_product")
@require_safe
def products(request: SignedInRequest) -> HttpResponse:
    """What is sold, for how much and with which flags; costs for those who may see margins."""
    form = ProductFilter(request.GET)
    found = page(form.narrow(_with_prices()), request, keys=("sku", "pk"))
    flags = flags_of(found.rows, timezone.now())
    for product in found.rows:
        product.marks = flags[product.pk]
    context = {
        "form": form,
        "page": found,
        "costs": request.user.has_perm("orders.view_margin"),
        "narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "orders/products.html", context, status=400 if form.errors else 200)


@needs("orders.view_product")
@require_safe
def products_export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    form = ProductFilter(request.GET)
    found = form.narrow(_with_prices())
    if form.errors:
        return products(request)
    costs = request.user.has_perm("orders.view_margin")
    return download(request, product_sheet(found, costs=costs))


def _with_prices() -> ProductQuerySet:
    prices = Prefetch("prices", ProductPrice.objects.order_by("currency"))
    return Product.objects.prefetch_related(prices)


@needs("orders.view_order")
@require_safe
def customer_orders(request: SignedInRequest, pk: int) -> HttpResponse:
    """The latest orders and credit decisions of one customer: a part of the customer's page."""
    user = request.user
    customer = get_object_or_404(Customer.objects.for_user(user), pk=pk)
    orders = Order.objects.for_user(user).filter(customer=customer)
    decisions = Decision.objects.filter(order__in=orders).select_related("order", "by")
    context: dict[str, Any] = {
        "customer": customer,
        "orders": orders.with_held().order_by("-pk")[:RECENT],
        "decisions": [
            (decision, [line.sentence for line in in_words(decision, request.user) if line.blocks])
            for decision in decisions.order_by("-pk")[:RECENT]
        ],
    }
    whole = "orders/_customer_orders.html" if request.htmx else "orders/customer_orders.html"  # type: ignore[attr-defined]
    return render(request, whole, context)
