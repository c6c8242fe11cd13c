"""The ship-to addresses of a customer: a page of their own, beside the customer's."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from credit import lifecycle, policies
from credit.address_forms import AddressForm
from credit.models import Address, Customer
from staff.access import SignedInRequest, needs


@needs("credit.view_customer")
@require_http_methods(["GET", "HEAD", "POST"])
def addresses(request: SignedInRequest, pk: int) -> HttpResponse:
    """All addresses of a customer, and a form for another one."""
    customer = get_object_or_404(Customer.objects.for_user(request.user), pk=pk)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        added = _did(
            request,
            form,
            lambda: lifecycle.add_address(
                customer_id=pk, place=form.place, by=request.user, at=timezone.now()
            ),
        )
        if added:
            messages.success(request, _("The address is in the book."))
            return redirect("credit:addresses", pk)
    context = {
        "customer": customer,
        "form": form,
        "addresses": customer.addresses.in_use(),
        "may_keep": policies.can_keep_addresses(request.user, customer),
    }
    status = 422 if form.errors else 200
    return render(request, "credit/addresses.html", context, status=status)


@needs("credit.keep_addresses")
@require_http_methods(["GET", "HEAD", "POST"])
def change_address(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct one address."""
    address = _get(request, pk)
    said = {"name": address.name, "phone": address.phone, "address": address.address}
    form = AddressForm(request.POST if request.method == "POST" else None, initial=said)
    if form.is_valid():
        changed = _did(
            request,
            form,
            lambda: lifecycle.change_address(
                address_id=pk, place=form.place, by=request.user, at=timezone.now()
            ),
        )
        if changed:
            messages.success(request, _("The address is changed. Orders keep what it said."))
            return redirect("credit:addresses", address.customer_id)
    context = {"customer": address.customer, "form": form}
    status = 422 if form.errors else 200
    return render(request, "credit/change_address.html", context, status=status)


@needs("credit.keep_addresses")
@require_POST
def default_address(request: SignedInRequest, pk: int) -> HttpResponse:
    """Offer this address first."""
    text = _("The address is offered first from now on.")
    return _act(request, pk, lifecycle.make_default, text)


@needs("credit.keep_addresses")
@require_POST
def remove_address(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the address out of the book."""
    return _act(request, pk, lifecycle.remove_address, _("The address is removed from the book."))


def _act(
    request: SignedInRequest, pk: int, verb: Callable[..., Address], text: str
) -> HttpResponse:
    address = _get(request, pk)
    try:
        verb(address_id=pk, by=request.user, at=timezone.now())
    except lifecycle.CreditError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, text)
    return redirect("credit:addresses", address.customer_id)


def _did(request: SignedInRequest, form: AddressForm, do: Callable[[], Any]) -> bool:
    """Whether it was done; what keeps it from that stands on the form."""
    try:
        do()
    except lifecycle.CreditError as error:
        form.add_error(None, str(error))
    return form.is_valid()


def _get(request: SignedInRequest, pk: int) -> Address:
    seen = Customer.objects.for_user(request.user)
    found = Address.objects.in_use().filter(customer__in=seen).select_related("customer")
    address = get_object_or_404(found, pk=pk)
    if not policies.can_keep_addresses(request.user, address.customer):
        raise PermissionDenied
    return address
