"""Master data of customers: entered and changed, with what was there before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from credit.days import company_day
from credit.enums import CreditAction
from credit.models import Customer
from journal.changes import change, enter, keep, remove
from staff.models import User
from staff.sentences import sentence as _

# What decides how much, how long and whether at all a customer buys on credit.
CLASSIFYING = frozenset({"segment", "payment_days", "status", "status_reason", "vip"})


@transaction.atomic
def enter_customer(*, values: Mapping[str, Any], by: User, at: datetime) -> Customer:
    """A new customer, without a credit account yet; `values` are fields of the model.

    Raises PermissionDenied, or ValidationError naming each field that is wrong.
    """
    if not by.has_perm("credit.add_customer"):
        raise PermissionDenied(_("You may not enter customers."))
    customer = Customer(**values, created_at=at)
    _guard_founded(customer, at)
    enter(customer, values, action=CreditAction.CUSTOMER_CHANGED, by=by, at=at)
    return customer


@transaction.atomic
def change_customer(
    *, customer_id: int, values: Mapping[str, Any], by: User, at: datetime
) -> Customer:
    """The customer with other `values`; what is not named stays. Nothing is written for no change.

    What is `CLASSIFYING` needs a right of its own. Raises PermissionDenied, or ValidationError
    naming each field that is wrong.
    """
    customer: Customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer_id)
    if not by.has_perm("credit.change_customer"):
        raise PermissionDenied(_("You may not change customers."))
    data = change(customer, values)
    if data["after"].keys() & CLASSIFYING and not by.has_perm("credit.classify_customer"):
        raise PermissionDenied(_("You may not change segment, terms or status of customers."))
    _guard_founded(customer, at)
    keep(customer, data, action=CreditAction.CUSTOMER_CHANGED, by=by, at=at)
    return customer


@transaction.atomic
def remove_customer(*, customer_id: int, by: User, at: datetime) -> None:
    """Take away a customer to which nothing refers. Raises PermissionDenied, or InUse."""
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    if not by.has_perm("credit.delete_customer"):
        raise PermissionDenied(_("You may not remove customers."))
    instead = _("The customer has orders or an account. Blacklist the customer instead.")
    remove(customer, action=CreditAction.CUSTOMER_REMOVED, instead=instead, by=by, at=at)


def _guard_founded(customer: Customer, at: datetime) -> None:
    if customer.founded_on and customer.founded_on > company_day(at):
        raise ValidationError({"founded_on": _("This day has not come yet.")})
