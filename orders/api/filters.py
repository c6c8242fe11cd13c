"""How lists of orders and what belongs to them are narrowed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from orders.enums import HoldReason, HoldSource, Source
from orders.forms.filters import OrderFilter, ProductFilter
from orders.listing import NEWEST, SORTS, keys_of
from orders.models.product import ProductQuerySet
from orders.querysets import HoldQuerySet, OrderQuerySet
from staff.models import User

# `sort` as the order list of the browser has it, and backwards with a minus.
_SORTS = [*SORTS, *(f"-{name}" for name in SORTS)]


class ApiOrderFilter(OrderFilter):
    """The filters of the order list, and those that programs need. Days are the caller's."""

    owner = forms.IntegerField(  # type: ignore[assignment]
        label=gettext_lazy("Salesperson"), required=False, min_value=1
    )
    external_id = forms.CharField(
        label=gettext_lazy("Number at the source"), required=False, max_length=80
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Source"), required=False, choices=[("", ""), *Source.choices]
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted by"),
        required=False,
        choices=[("", ""), *((name, name) for name in _SORTS)],
    )

    def __init__(self, data: Any, *, user: User) -> None:
        # Without the list of salespeople, which only a menu needs.
        forms.Form.__init__(self, data)
        self.user = user

    def narrow(self, orders: OrderQuerySet) -> OrderQuerySet:
        """The orders that pass every filter; only for a valid form."""
        for name in ("external_id", "source"):
            if value := self.cleaned_data.pop(name, ""):
                orders = orders.filter(**{name: value})
        self.cleaned_data.pop("sort", "")
        return super().narrow(orders)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns to sort by."""
        return keys_of(self.data.get("sort", ""), NEWEST)


class ApiProductFilter(ProductFilter):
    """The filters of the product list, and the one product with a SKU."""

    sku = forms.CharField(label=gettext_lazy("SKU"), required=False, max_length=60)

    def narrow(self, products: ProductQuerySet) -> ProductQuerySet:
        """The products that pass every filter; only for a valid form."""
        sku = self.cleaned_data["sku"]
        return super().narrow(products.filter(sku=sku) if sku else products)


class ApiHoldFilter(forms.Form):
    """Holds that stand, unless those that were released are asked for."""

    released = forms.BooleanField(label=gettext_lazy("Holds released"), required=False)
    reason = forms.MultipleChoiceField(
        label=gettext_lazy("Reason"), required=False, choices=HoldReason.choices
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Placed through"),
        required=False,
        choices=[("", ""), *HoldSource.choices],
    )
    order = forms.IntegerField(label=gettext_lazy("Order"), required=False, min_value=1)

    def narrow(self, holds: HoldQuerySet) -> HoldQuerySet:
        """The holds that pass every filter; only for a valid form."""
        chosen = self.cleaned_data
        holds = holds.filter(released_at__isnull=not chosen["released"])
        if chosen["reason"]:
            holds = holds.filter(reason__in=chosen["reason"])
        if chosen["source"]:
            holds = holds.filter(source=chosen["source"])
        return holds.filter(order=chosen["order"]) if chosen["order"] else holds

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns to sort by."""
        return ("-released_at" if self.cleaned_data["released"] else "-placed_at", "-pk")
