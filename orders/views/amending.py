"""Changing an order that is released already: the order form with a reason and its effect."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders import lifecycle
from orders.actions import available_actions
from orders.enums import OrderState
from orders.errors import OrderError, StaleOrder
from orders.forms.entry import OrderForm, stored
from orders.forms.reshaping import reshaped
from orders.models import Order
from orders.views.entry import keep_address, show, stale
from orders.views.named import account_of, order_of
from staff.access import SignedInRequest, needs


@needs("orders.add_order")
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a released order that has not shipped."""
    at, order = timezone.now(), order_of(request, pk)
    offered = {action.code for action in available_actions(request.user, order, held=False)}
    if "amend" not in offered:
        messages.warning(
            request, _("Only a released order that is not invoiced yet can be changed so.")
        )
        return redirect("orders:detail", pk)
    if request.method == "POST":
        return _posted(request, order, at)
    account = account_of(request, str(order.customer_id), at)
    data = stored(order, at=at)
    form = OrderForm(data, account=account, at=at, amends=order)
    form.head.errors.pop("reason", None)
    return show(request, form, at, order=order, amends=order)


def _posted(request: SignedInRequest, order: Order, at: datetime) -> HttpResponse:
    account = account_of(request, str(order.customer_id), at)
    if data := reshaped(request.POST, account.customer):
        form = OrderForm(data, account=account, at=at, amends=order)
        form.head.errors.pop("reason", None)
        left = data.get("pasted")
        return show(request, form, at, order=order, amends=order, pasted=left)
    form = OrderForm(request.POST, account=account, at=at, amends=order)
    if form.is_valid():
        try:
            return _amended(request, form, order, at)
        except StaleOrder as error:
            return stale(request, form, order, error, at)
        except OrderError as error:
            form.head.add_error(None, str(error))
    return show(request, form, at, order=order, amends=order, status=422)


def _amended(request: SignedInRequest, form: OrderForm, order: Order, at: datetime) -> HttpResponse:
    """Let the verb do it, and say whether the release survived."""
    changed = lifecycle.amend(
        order_id=order.pk,
        header=form.head.header(),
        lines=form.lines.inputs(),
        reason=form.head.cleaned_data["reason"],
        seen_version=form.head.cleaned_data["seen_version"] or 0,
        by=request.user,
        at=at,
    )
    keep_address(request, form, at)
    number = {"number": changed.number}
    if changed.state == OrderState.APPROVED:
        messages.success(request, _("Order %(number)s is changed and stays released.") % number)
    else:
        text = _("Order %(number)s is changed. Its release is void; an approver decides now.")
        messages.warning(request, text % number)
    return redirect("orders:detail", changed.pk)
