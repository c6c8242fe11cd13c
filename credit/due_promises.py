"""Promises to pay that fall due, for those who remind customers and for the list of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from credit.enums import PromiseState
from credit.models import Customer, Promise
from credit.models.promise import UNKEPT, PromiseQuerySet
from staff.access import SignedInRequest

SOON = timedelta(days=7)
REMIND = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DuePromise:
    """A promise of which somebody should remind the customer, as a notice tells it.

    `amount` is in the account's `currency`; `days_left` is 0 on the day itself.
    """

    promise_id: int
    customer_id: int
    customer: str
    owner_id: int
    made_by_id: int
    order_id: int | None
    amount: Decimal
    currency: str
    due_on: date
    days_left: int


def due_promises(today: date, ahead: timedelta = REMIND) -> list[DuePromise]:
    """The open promises for `today` and the days `ahead`, the soonest first. One query."""
    found = Promise.objects.due_within(today, today + ahead).select_related("account__customer")
    return [
        DuePromise(
            promise_id=promise.pk,
            customer_id=promise.account.customer_id,
            customer=promise.account.customer.name,
            owner_id=promise.account.customer.owner_id,
            made_by_id=promise.made_by_id,
            order_id=promise.order_id,
            amount=promise.amount,
            currency=promise.account.currency,
            due_on=promise.due_on,
            days_left=(promise.due_on - today).days,
        )
        for promise in found.order_by("due_on", "pk")
    ]


@dataclass(frozen=True)
class View:
    """A saved selection, shown as a tab."""

    label: str | Lazy
    narrow: Callable[[PromiseQuerySet, date], QuerySet[Promise]]
    keys: tuple[str, ...] = ("due_on", "pk")


_LATEST = ("-due_on", "-pk")
VIEWS: dict[str, View] = {
    "soon": View(
        _("Due within 7 days"), lambda found, today: found.due_within(today, today + SOON)
    ),
    "overdue": View(_("Overdue"), lambda found, today: found.overdue(today)),
    "open": View(_("Not settled yet"), lambda found, today: found.filter(state=PromiseState.OPEN)),
    "broken": View(
        _("Not kept"), lambda found, today: found.filter(state__in=UNKEPT), keys=_LATEST
    ),
    "all": View(_("All"), lambda found, today: found, keys=_LATEST),
}


class PromiseFilter(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label=_("Customer code or name"), required=False, max_length=80)

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, promises: QuerySet[Promise]) -> QuerySet[Promise]:
        """The promises that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return promises.none()
        if words := self.cleaned_data["q"]:
            found = Customer.objects.all().search(words)
            promises = promises.filter(account__customer__in=found)
        return promises


@dataclass(frozen=True)
class Listing:
    """The promises an address asks for, in order, with what the page says about them."""

    code: str
    form: PromiseFilter
    promises: QuerySet[Promise]
    keys: tuple[str, ...]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The saved views."""
        return [
            {"label": view.label, "url": f"?view={code}", "current": code == self.code}
            for code, view in VIEWS.items()
        ]


def listing(request: SignedInRequest, today: date) -> Listing:
    """Read the address of the list of promises of the customers this user may see."""
    code = request.GET.get("view", "soon")
    code = code if code in VIEWS else "soon"
    form = PromiseFilter(request.GET)
    seen: PromiseQuerySet = Promise.objects.for_user(request.user)
    rows = form.narrow(VIEWS[code].narrow(seen, today))
    shown = rows.select_related("account__customer", "made_by")
    return Listing(code, form, shown, VIEWS[code].keys)
