"""The order and the account that a request names, as far as this user may see them."""

from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404

from credit.days import company_day
from credit.models import CreditAccount, Customer
from orders.models import Order
from staff.access import SignedInRequest


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
