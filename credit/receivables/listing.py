"""Which invoices a list shows for an address: its view, its filters and its sorting."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.models.receivable import InvoiceQuerySet
from credit.money import CURRENCIES
from staff.access import SignedInRequest

SORTS: dict[str, tuple[str, ...]] = {
    "number": ("number", "pk"),
    "customer": ("account__customer__code", "due_on", "pk"),
    "amount": ("amount", "pk"),
    "open": ("open_amount", "pk"),
    "issued": ("issued_on", "pk"),
    "due": ("due_on", "pk"),
}
BY_DUE = SORTS["due"]


@dataclass(frozen=True)
class View:
    """A saved selection, shown as a tab."""

    label: str | Promise
    narrow: Callable[[InvoiceQuerySet, date], InvoiceQuerySet]
    keys: tuple[str, ...] = BY_DUE


VIEWS: dict[str, View] = {
    "open": View(
        pgettext_lazy("invoices", "Open"), lambda found, today: found.filter(open_amount__gt=0)
    ),
    "overdue": View(
        _("Overdue"), lambda found, today: found.filter(open_amount__gt=0, due_on__lt=today)
    ),
    "disputed": View(_("Disputed"), lambda found, today: found.filter(disputed_amount__gt=0)),
    "settled": View(
        _("Settled"),
        lambda found, today: found.filter(settled_on__isnull=False),
        ("-settled_on", "-pk"),
    ),
    "all": View(_("All"), lambda found, today: found, ("-issued_on", "-pk")),
}


class InvoiceFilter(forms.Form):
    """Filters of a list of invoices."""

    q = forms.CharField(
        label=_("Invoice number, customer code or name"), required=False, max_length=80
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        choices=[("", _("All")), *((code, code) for code, _name in CURRENCIES)],
    )
    since = forms.DateField(
        label=_("Due from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    until = forms.DateField(
        label=_("Due until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def __init__(self, data: Any, *, one_customer: bool = False) -> None:
        super().__init__(data)
        if one_customer:
            # Who it is and in which currency is the same on every row.
            del self.fields["currency"]
            self.fields["q"].label = _("Invoice number")

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, invoices: InvoiceQuerySet) -> InvoiceQuerySet:
        """The invoices that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return invoices.none()
        given = self.cleaned_data
        if words := given["q"]:
            customer = Q(account__customer__code__icontains=words) | Q(
                account__customer__name__icontains=words
            )
            invoices = invoices.filter(Q(number__icontains=words) | customer)
        if given.get("currency"):
            invoices = invoices.filter(account__currency=given["currency"])
        if given["since"]:
            invoices = invoices.filter(due_on__gte=given["since"])
        if given["until"]:
            invoices = invoices.filter(due_on__lte=given["until"])
        return invoices


@dataclass(frozen=True)
class Listing:
    """The invoices an address asks for, in order, with what the page says about them."""

    form: InvoiceFilter
    code: str
    invoices: InvoiceQuerySet
    keys: tuple[str, ...]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The saved views."""
        return [
            {"label": view.label, "url": f"?view={code}", "current": code == self.code}
            for code, view in VIEWS.items()
        ]


def listing(
    request: SignedInRequest, invoices: InvoiceQuerySet, today: date, *, one_customer: bool = False
) -> Listing:
    """Read the address of a list of invoices, for the page and for the export alike."""
    code = request.GET.get("view", "open")
    code = code if code in VIEWS else "open"
    form = InvoiceFilter(request.GET, one_customer=one_customer)
    found = form.narrow(VIEWS[code].narrow(invoices, today))
    return Listing(form, code, found, keys_of(request.GET.get("sort", ""), code))


def keys_of(sort: str, code: str) -> tuple[str, ...]:
    """The columns that `sort` names, or those of the view."""
    columns = SORTS.get(sort.lstrip("-"))
    if columns is None:
        return VIEWS[code].keys
    return tuple(f"-{column}" for column in columns) if sort.startswith("-") else columns
