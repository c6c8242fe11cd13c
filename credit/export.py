"""Customers, promises and expiring limits as files for a spreadsheet."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enums import CustomerStatus, LimitKind, LimitType, PromiseState, Security
from credit.models import CreditLimit, Customer, Promise
from staff.sheets import Column, Kind, Sheet

_MONEY, _NUMBER, _DATE, _MOMENT = Kind.MONEY, Kind.NUMBER, Kind.DATE, Kind.MOMENT


def _of_account(name: str) -> Any:
    def get(customer: Customer) -> Any:
        account = getattr(customer, "account", None)
        return getattr(account, name) if account else None

    return get


def _limit(customer: Customer) -> Any:
    account = getattr(customer, "account", None)
    return account.effective_limit.amount if account else None


def _limit_kind(customer: Customer) -> str:
    account = getattr(customer, "account", None)
    return str(LimitKind(account.effective_limit.kind).label) if account else ""


_CUSTOMER = (
    Column(gettext_lazy("Customer code"), "code"),
    Column(gettext_lazy("Name"), "name"),
    Column(gettext_lazy("Status"), "status", words=dict(CustomerStatus.choices)),
    Column(gettext_lazy("Segment"), "segment__name"),
    Column(gettext_lazy("Salesperson"), "owner__display_name"),
    Column(gettext_lazy("E-mail"), "email"),
    Column(gettext_lazy("Phone"), "phone"),
    Column(gettext_lazy("Address"), "ship_to_address"),
    Column(gettext_lazy("Country"), "country"),
    Column(gettext_lazy("Payment terms in days"), "payment_days", _NUMBER),
)
_CREDIT = (
    Column(gettext_lazy("Currency"), _of_account("currency")),
    Column(gettext_lazy("Kind of limit"), _limit_kind),
    Column(gettext_lazy("Credit limit"), _limit, _MONEY),
    Column(gettext_lazy("Used"), _of_account("used"), _MONEY),
    Column(gettext_lazy("Available"), _of_account("available"), _MONEY),
    Column(gettext_lazy("Overdue"), "overdue", _MONEY),
)


def customer_sheet(customers: QuerySet[Customer], keys: Iterable[str], *, credit: bool) -> Sheet:
    """The customers in the order of `keys`, with their credit for those who may see it."""
    columns = (*_CUSTOMER, *(_CREDIT if credit else ()))
    return Sheet("customers", columns, customers.order_by(*keys))


def promise_sheet(promises: QuerySet[Promise], keys: Iterable[str], *, today: date) -> Sheet:
    """The promises in the order of `keys`, as they stand `today`."""

    def stands(promise: Promise) -> str:
        late = promise.state == PromiseState.OPEN and promise.due_on < today
        return _("overdue") if late else promise.get_state_display()

    columns = (
        Column(gettext_lazy("Customer code"), "account__customer__code"),
        Column(gettext_lazy("Customer"), "account__customer__name"),
        Column(gettext_lazy("State"), stands),
        Column(gettext_lazy("Promised"), "amount", _MONEY),
        Column(gettext_lazy("Received"), "received", _MONEY),
        Column(gettext_lazy("Currency"), "account__currency"),
        Column(gettext_lazy("Promised by"), "due_on", _DATE),
        Column(gettext_lazy("Note"), "note"),
        Column(gettext_lazy("Recorded by"), "made_by__display_name"),
        Column(gettext_lazy("Recorded"), "made_at", _MOMENT),
    )
    return Sheet("promises", columns, promises.order_by(*keys))


def limit_sheet(
    limits: QuerySet[CreditLimit], keys: Iterable[str], *, name: str, today: date
) -> Sheet:
    """Limits in the order of `keys`, with the days that are left from `today`."""

    def days_left(limit: CreditLimit) -> int | None:
        return (limit.valid_until - today).days if limit.valid_until else None

    columns = (
        Column(gettext_lazy("Customer code"), "account__customer__code"),
        Column(gettext_lazy("Customer"), "account__customer__name"),
        Column(gettext_lazy("Type of limit"), "type", words=dict(LimitType.choices)),
        Column(gettext_lazy("Amount"), "amount", _MONEY),
        Column(gettext_lazy("Currency"), "account__currency"),
        Column(gettext_lazy("Secured by"), "security", words=dict(Security.choices)),
        Column(gettext_lazy("Covered, in %"), "covered_percent", _NUMBER),
        Column(gettext_lazy("Document"), "reference"),
        Column(gettext_lazy("First day"), "valid_from", _DATE),
        Column(gettext_lazy("Last day"), "valid_until", _DATE),
        Column(gettext_lazy("Days left"), days_left, _NUMBER),
        Column(gettext_lazy("Used"), "account__used", _MONEY),
    )
    return Sheet(name, columns, limits.order_by(*keys))
