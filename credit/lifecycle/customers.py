"""Master data of customers: entered and changed, with what was there before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from credit.days import company_day
from credit.enums import CreditAction
from credit.models import Customer
from journal.changes import change, entered
from journal.record import record
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
    _check(customer, at)
    customer.save(force_insert=True)
    _tell(customer, entered(values), by, at)
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
    changed = data["after"].keys()
    if not changed:
        return customer
    if changed & CLASSIFYING and not by.has_perm("credit.classify_customer"):
        raise PermissionDenied(_("You may not change segment, terms or status of customers."))
    _check(customer, at)
    customer.save(update_fields=changed)
    _tell(customer, data, by, at)
    return customer


def _check(customer: Customer, at: datetime) -> None:
    if customer.founded_on and customer.founded_on > company_day(at):
        raise ValidationError({"founded_on": _("This day has not come yet.")})
    customer.full_clean()


def _tell(customer: Customer, data: dict[str, Any], by: User, at: datetime) -> None:
    record(action=CreditAction.CUSTOMER_CHANGED, subject=customer, by=by, at=at, data=data)
