"""What the lists of this package are narrowed to."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.figures import FigureField
from credit.forms import capitalised
from credit.models import Customer
from credit.money import CURRENCIES, LARGEST
from orders.enums import OrderState
from orders.models.product import ProductQuerySet
from orders.querysets import OrderQuerySet
from staff.models import User

_ALL = ("", gettext_lazy("All"))


class MenuOfChoices(forms.CheckboxSelectMultiple):
    """Several choices behind one button, so that a filter with many takes the room of one."""

    template_name = "components/choice_menu.html"


def words_field(hint: Any) -> forms.CharField:
    """The search box of a list; `hint` says what is searched."""
    return forms.CharField(label=hint, required=False, max_length=80)


def day_field(label: Any) -> forms.DateField:
    """A day chosen from the browser's calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


class OrderFilter(forms.Form):
    """Filters of the order list. Days are the reader's; amounts are in each order's currency."""

    q = words_field(gettext_lazy("Number, customer or ship-to"))
    state = forms.MultipleChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=capitalised(OrderState),
        widget=MenuOfChoices,
    )
    owner = forms.ChoiceField(label=gettext_lazy("Salesperson"), required=False)
    customer = forms.CharField(label=gettext_lazy("Customer code"), required=False, max_length=40)
    since = day_field(gettext_lazy("Entered from"))
    until = day_field(gettext_lazy("Entered until"))
    least = FigureField(label=gettext_lazy("Amount from"), required=False, most=LARGEST)
    most = FigureField(label=gettext_lazy("Amount up to"), required=False, most=LARGEST)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        required=False,
        choices=[_ALL, *((code, code) for code, _name in CURRENCIES)],
    )
    held = forms.BooleanField(label=gettext_lazy("Held"), required=False)

    conditional = forms.BooleanField(label=gettext_lazy("Waits for a condition"), required=False)

    # Folded away until wanted.
    folded = ("customer", "since", "until", "least", "most", "currency", "held", "conditional")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        if not user.has_perm("credit.view_all_customers"):
            del self.fields["owner"]
            return
        sellers = User.objects.filter(customers__isnull=False).distinct().order_by("full_name")
        people = [(str(person.pk), person.display_name) for person in sellers]
        self.fields["owner"].choices = [_ALL, *people]  # type: ignore[attr-defined]

    def more_fields(self) -> list[BoundField]:
        """The filters behind 'More filters'."""
        return [self[name] for name in self.folded]

    def clean_customer(self) -> Customer | None:
        code = self.cleaned_data["customer"]
        if not code:
            return None
        found = Customer.objects.for_user(self.user).filter(code__iexact=code).first()
        if found is None:
            raise ValidationError(_("You have no customer with this code."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for low, high in (("since", "until"), ("least", "most")):
            if cleaned.get(low) and cleaned.get(high) and cleaned[low] > cleaned[high]:
                self.add_error(high, _("Nothing lies between these two; exchange them."))
        return cleaned

    def narrow(self, orders: OrderQuerySet) -> OrderQuerySet:
        """The orders that pass every filter; none at all when a filter was not understood."""
        if not self.is_valid():
            return orders.none()
        for name, value in self.cleaned_data.items():
            if value or isinstance(value, Decimal):
                orders = _NARROW[name](orders, value)
        return orders


def midnight(day: date) -> datetime:
    """The first moment of the day where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def next_midnight(day: date) -> datetime:
    """The first moment after the day where the reader is."""
    return midnight(day + timedelta(days=1))


_NARROW: dict[str, Any] = {
    "q": lambda orders, words: orders.search(words),
    "state": lambda orders, states: orders.filter(state__in=states),
    "owner": lambda orders, owner: orders.filter(owner=int(owner)),
    "customer": lambda orders, customer: orders.filter(customer=customer),
    "since": lambda orders, day: orders.filter(created_at__gte=midnight(day)),
    "until": lambda orders, day: orders.filter(created_at__lt=next_midnight(day)),
    "least": lambda orders, amount: orders.filter(total__gte=amount),
    "most": lambda orders, amount: orders.filter(total__lte=amount),
    "currency": lambda orders, currency: orders.filter(currency=currency),
    "held": lambda orders, _held: orders.only_held(),
    "conditional": lambda orders, _conditional: orders.only_conditional(),
}


class ProductFilter(forms.Form):
    """Filters of the product list."""

    q = words_field(gettext_lazy("SKU or name"))
    category = forms.CharField(label=gettext_lazy("Category"), required=False, max_length=80)
    sold = forms.ChoiceField(
        label=gettext_lazy("Sold"),
        required=False,
        choices=[_ALL, ("yes", gettext_lazy("Sold now")), ("no", gettext_lazy("No longer sold"))],
    )

    def narrow(self, products: ProductQuerySet) -> ProductQuerySet:
        """The products that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return products.none()
        chosen = self.cleaned_data
        if chosen["q"]:
            products = products.search(chosen["q"])
        if chosen["category"]:
            products = products.filter(category__iexact=chosen["category"])
        if chosen["sold"]:
            products = products.filter(active=chosen["sold"] == "yes")
        return products
