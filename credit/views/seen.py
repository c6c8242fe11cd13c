"""The customer that an address names, as far as this user may see them."""

from datetime import date, datetime

from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404

from credit.days import company_day
from credit.models import CreditAccount, Customer
from staff.access import SignedInRequest


def get_customer(request: SignedInRequest, pk: int, at: datetime) -> Customer:
    """The customer with their account, able to say what it may use. Raises Http404."""
    seen = Customer.objects.for_user(request.user).select_related("segment", "owner", "industry")
    return get_object_or_404(seen.prefetch_related(accounts_with_limits(at)), pk=pk)


def get_account(request: SignedInRequest, pk: int, at: datetime) -> CreditAccount:
    """The customer's account; Http404 for a customer without one as well."""
    account = getattr(get_customer(request, pk, at), "account", None)
    if account is None:
        raise Http404
    return account


def accounts_with_limits(at: datetime) -> Prefetch:
    """The accounts of customers with their parents, able to say what they may use at `at`."""
    accounts = CreditAccount.objects.with_limits(company_day(at))
    return Prefetch("account", queryset=accounts.select_related("parent__customer"))


def days_until(day: date | None, today: date) -> int | None:
    """How many days are left until `day`, negative when it has passed."""
    return None if day is None else (day - today).days
