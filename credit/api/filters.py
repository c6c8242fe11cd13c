"""How lists of customers and invoices are narrowed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from credit.expiring import KEYS, ExpiringFilter
from credit.forms import CustomerFilter
from credit.querysets import CustomerQuerySet
from credit.receivables.listing import SORTS, VIEWS, InvoiceFilter, keys_of
from staff.models import User

_SORTS = [*SORTS, *(f"-{name}" for name in SORTS)]


class ApiCustomerFilter(CustomerFilter):
    """The filters of the customer list; segments by their code, salespeople by their id."""

    code = forms.CharField(label=gettext_lazy("Customer code"), required=False, max_length=40)
    segment = forms.CharField(label=gettext_lazy("Segment"), required=False, max_length=40)  # type: ignore[assignment]
    owner = forms.IntegerField(label=gettext_lazy("Salesperson"), required=False, min_value=1)  # type: ignore[assignment]

    def __init__(self, data: Any, *, user: User) -> None:
        # Without the lists of segments and people, which only menus need.
        forms.Form.__init__(self, data)
        self.user = user

    def narrow(self, customers: CustomerQuerySet) -> CustomerQuerySet:
        """The customers that pass every filter; only for a valid form."""
        if segment := self.cleaned_data.pop("segment", ""):
            customers = customers.filter(segment__code=segment)
        return super().narrow(customers)


class ApiInvoiceFilter(InvoiceFilter):
    """The filters of the invoice list, with its tabs as `view`."""

    view = forms.ChoiceField(
        label=gettext_lazy("View"),
        required=False,
        choices=[("", ""), *((code, view.label) for code, view in VIEWS.items())],
    )
    customer = forms.IntegerField(label=gettext_lazy("Customer"), required=False, min_value=1)
    order = forms.IntegerField(label=gettext_lazy("Order"), required=False, min_value=1)
    number = forms.CharField(label=gettext_lazy("Invoice number"), required=False, max_length=60)
    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted by"),
        required=False,
        choices=[("", ""), *((name, name) for name in _SORTS)],
    )

    def found(self, invoices: Any, today: Any) -> Any:
        """The invoices that are asked for; only for a valid form."""
        chosen = self.cleaned_data
        found = self.narrow(VIEWS[chosen["view"] or "all"].narrow(invoices, today))
        names = {"customer": "account__customer", "order": "order_id", "number": "number"}
        given = {names[name]: chosen[name] for name in names if chosen[name]}
        return found.filter(**given)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns to sort by."""
        return keys_of(self.cleaned_data["sort"], self.cleaned_data["view"] or "all")


class ApiExpiringFilter(ExpiringFilter):
    """The filters of the page, and which view of it is wanted."""

    view = forms.ChoiceField(
        label=gettext_lazy("View"), required=False, choices=[("", ""), *((c, c) for c in KEYS)]
    )
