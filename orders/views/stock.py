"""What lies in the warehouses: the list, its file, and putting a figure right."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders import lifecycle
from orders.errors import OrderError
from orders.export_stock import stock_sheet
from orders.forms.goods import AdjustForm, StockFilter
from orders.models import Return, Stock
from orders.models.stock import STALE_AFTER
from orders.policies import can_adjust_stock
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page

_KEYS = ("product__sku", "warehouse__code", "pk")
_SORTS = {
    "sku": _KEYS,
    "available": ("available", "pk"),
    "on_hand": ("on_hand", "pk"),
    "allocated": ("allocated", "pk"),
}


def _keys(sort: str) -> tuple[str, ...]:
    columns = _SORTS.get(sort.lstrip("-"), _KEYS)
    return tuple(f"-{column}" for column in columns) if sort.startswith("-") else columns


@needs("orders.view_stock")
@require_safe
def stock_list(request: SignedInRequest) -> HttpResponse:
    """Every product in every warehouse: on hand, allocated, available, and how old the count is."""
    at = timezone.now()
    form = StockFilter(request.GET, at=at)
    rows = form.narrow(Stock.objects.with_available()).select_related("product", "warehouse")
    context = {
        "at": at,
        "form": form,
        "page": page(rows, request, keys=_keys(request.GET.get("sort", ""))),
        "stale_before": at - STALE_AFTER,
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "may_adjust": can_adjust_stock(request.user),
    }
    return render(request, "orders/stock/list.html", context, status=400 if form.errors else 200)


@needs("orders.view_stock")
@require_safe
def stock_export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    form = StockFilter(request.GET, at=timezone.now())
    rows = form.narrow(Stock.objects.with_available())
    if form.errors:
        return stock_list(request)
    return download(request, stock_sheet(rows.order_by(*_keys(request.GET.get("sort", "")))))


@needs("orders.adjust_stock")
@require_http_methods(["GET", "HEAD", "POST"])
def adjust(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put right what is on hand of one product in one warehouse, with the reason."""
    found = Stock.objects.with_available().select_related("product", "warehouse")
    stock = get_object_or_404(found, pk=pk)
    form = AdjustForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.adjust_stock(
                product_id=stock.product_id,
                warehouse_id=stock.warehouse_id,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except OrderError as error:
            form.add_error("change", str(error))
        else:
            messages.success(request, _("The stock of %(sku)s is adjusted.") % _named(stock))
            return redirect(f"{reverse('orders:stock')}?q={stock.product.sku}")
    moved = stock.movements.select_related("by").order_by("-at", "-pk")[:20]
    context = {"form": form, "stock": stock, "moved": moved}
    status = 422 if form.errors else 200
    return render(request, "orders/stock/adjust.html", context, status=status)


def _named(stock: Stock) -> dict[str, str]:
    return {"sku": stock.product.sku}


@needs("orders.replace_goods")
@require_POST
def replace(request: SignedInRequest, pk: int) -> HttpResponse:
    """Enter the order that replaces what came back with a return, and show it."""
    returned = get_object_or_404(Return, pk=pk)
    try:
        order = lifecycle.replace(return_id=pk, by=request.user, at=timezone.now())
    except OrderError as error:
        messages.warning(request, str(error))
        return redirect("orders:detail", returned.order_id)
    text = _("Replacement %(number)s is entered; the salesperson submits it.")
    messages.success(request, text % {"number": order.number})
    return redirect("orders:detail", order.pk)
