"""The customers and accounts that a request names, as far as the caller may see them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from credit.models import CreditAccount, Customer
from credit.querysets import CustomerQuerySet
from credit.views.seen import accounts_with_limits
from staff.models import User


def customers_of(user: User, at: datetime) -> CustomerQuerySet:
    """The customers that the user may see, with their accounts as of `at`."""
    seen: Any = Customer.objects.for_user(user).select_related("segment", "owner", "industry")
    return seen.prefetch_related(accounts_with_limits(at))  # type: ignore[no-any-return]


def account_of(user: User, customer_id: int) -> CreditAccount:
    """The account of a customer that the user may see. Raises CreditAccount.DoesNotExist."""
    seen = Customer.objects.for_user(user)
    accounts = CreditAccount.objects.select_related("customer__owner", "customer__segment")
    found: CreditAccount = accounts.get(customer__in=seen, customer=customer_id)
    return found


def account_with_code(user: User, code: str, field: str = "customer") -> CreditAccount:
    """The account of the customer with this code. Raises ValidationError about `field`."""
    seen = Customer.objects.for_user(user).filter(code__iexact=code)
    accounts = CreditAccount.objects.select_related("customer__owner", "customer__segment")
    found: CreditAccount | None = accounts.filter(customer__in=seen).first()
    if found is None:
        text = _("There is no customer with this code and a credit account.")
        raise ValidationError({field: [text]})
    return found
