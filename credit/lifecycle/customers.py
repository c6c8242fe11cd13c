"""Master data of customers: entered and changed, with what was there before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction

from credit.days import company_day
from credit.enums import CreditAction
from credit.models import Customer
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _


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
    _tell(customer, {}, {name: _plain(value) for name, value in values.items()}, by, at)
    return customer


@transaction.atomic
def change_customer(
    *, customer_id: int, values: Mapping[str, Any], by: User, at: datetime
) -> Customer:
    """The customer with other `values`; what is not named stays. Nothing is written for no change.

    Raises PermissionDenied, or ValidationError naming each field that is wrong.
    """
    customer: Customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer_id)
    if not by.has_perm("credit.change_customer"):
        raise PermissionDenied(_("You may not change customers."))
    before = {name: getattr(customer, name) for name in values}
    changed = sorted(name for name, value in values.items() if value != before[name])
    if not changed:
        return customer
    for name in changed:
        setattr(customer, name, values[name])
    _check(customer, at)
    customer.save(update_fields=changed)
    was = {name: _plain(before[name]) for name in changed}
    _tell(customer, was, {name: _plain(values[name]) for name in changed}, by, at)
    return customer


def _check(customer: Customer, at: datetime) -> None:
    if customer.founded_on and customer.founded_on > company_day(at):
        raise ValidationError({"founded_on": _("This day has not come yet.")})
    customer.full_clean()


def _tell(
    customer: Customer, before: dict[str, Any], after: dict[str, Any], by: User, at: datetime
) -> None:
    data = {"before": before, "after": after}
    record(action=CreditAction.CUSTOMER_CHANGED, subject=customer, by=by, at=at, data=data)


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
