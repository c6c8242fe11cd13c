"""The order form: header and lines for one customer."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.models import CreditAccount
from credit.money import CURRENCIES
from orders.catalogue import sold_in
from orders.forms.addresses import offered
from orders.forms.filters import day_field
from orders.forms.lines import LineFormSet, numbered
from orders.lifecycle.draft import Header
from orders.models import Order, OrderLine


class HeaderForm(forms.Form):
    """What the order says apart from its lines."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    token = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    payment_days = forms.IntegerField(
        label=gettext_lazy("Payment terms in days"),
        min_value=0,
        max_value=365,
        error_messages=dict.fromkeys(
            ("min_value", "max_value"),
            gettext_lazy("Payment terms are from 0 to 365 days."),
        ),
        help_text=gettext_lazy("Days from the invoice to its due date; 0 means due at once."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num-input"}),
    )
    promised_on = day_field(gettext_lazy("Promised for"))
    ship_to_name = forms.CharField(label=gettext_lazy("Recipient"), required=False, max_length=120)
    ship_to_phone = forms.CharField(label=gettext_lazy("Phone"), required=False, max_length=40)
    ship_to_address = forms.CharField(
        label=gettext_lazy("Ship-to address"), required=False, max_length=300
    )
    keep_address = forms.BooleanField(
        label=gettext_lazy("Keep this address for later orders"), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, at: datetime, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        field: Any = self.fields["currency"]
        names = dict(CURRENCIES)
        field.choices = [(code, f"{code} · {names[code]}") for code in currencies]
        if len(currencies) == 1:
            field.widget = forms.HiddenInput()

    def clean_promised_on(self) -> datetime | None:
        """The end of the promised day where the reader is."""
        day = self.cleaned_data["promised_on"]
        if day is None:
            return None
        if day < timezone.localdate(self.at):
            raise ValidationError(_("This day is past. Promise a day from today on."))
        try:
            return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
        except OverflowError as error:
            raise ValidationError(_("This day is too far away.")) from error

    def header(self) -> Header:
        """The header as the lifecycle takes it."""
        values = self.cleaned_data
        names = ("currency", "payment_days", "ship_to_name", "ship_to_phone", "ship_to_address")
        return Header(
            **{name: values[name] for name in names},
            note=values["note"],
            promised_at=values["promised_on"],
        )


class AmendHeaderForm(HeaderForm):
    """The header of a released order, whose change needs a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Why it changes"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It is kept with the order, beside what the order said before."),
    )

    def __init__(self, *args: Any, amends: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amends = amends

    def clean_promised_on(self) -> datetime | None:
        """A promise whose day is past may stay as it is while something else changes."""
        before = self.amends.promised_at
        if before and self.cleaned_data["promised_on"] == timezone.localdate(before):
            return before
        return super().clean_promised_on()


class OrderForm:
    """Header and lines as one form; `amends` is the released order that it changes."""

    def __init__(
        self, data: Any, *, account: CreditAccount, at: datetime, amends: Order | None = None
    ) -> None:
        self.account = account
        currencies = sold_in(account.currency)
        self.head = (
            AmendHeaderForm(data, at=at, currencies=currencies, amends=amends)
            if amends
            else HeaderForm(data, at=at, currencies=currencies)
        )
        chosen = data.get("currency", "")
        # Another one than those that can be chosen is refused; until then it counts for nothing.
        self.currency: str = chosen if chosen in currencies else account.currency
        self.lines = LineFormSet(data, currency=self.currency)

    def is_valid(self) -> bool:
        """Whether the order can be saved."""
        return bool(self.head.is_valid() & self.lines.is_valid())

    def require_lines(self) -> bool:
        """Whether the order can be submitted: it must have a line."""
        if not self.lines.filled():
            self.head.add_error(None, _("Add at least one line before you submit the order."))
            return False
        return True

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Every error for the summary on top: the field's id, its label, what is wrong."""
        head = [("", "", str(error)) for error in self.head.non_field_errors()]
        head += [("", "", str(error)) for error in self.lines.non_form_errors()]
        fields = [field for field in self.head if field.errors]
        fields += [field for form in self.lines.forms for field in form if field.errors]
        return head + [
            (
                field.id_for_label,
                field.field.widget.attrs.get("aria-label", field.label),
                str(error),
            )
            for field in fields
            for error in field.errors
        ]


def blank(account: CreditAccount, *, token: str) -> dict[str, Any]:
    """The fields of a new order for this customer."""
    return {
        "currency": account.currency,
        "token": token,
        "payment_days": account.customer.payment_days,
        **offered(account.customer)[0].fields,
        **numbered([]),
    }


def stored(order: Order, *, at: datetime) -> dict[str, Any]:
    """The fields of a draft that is being changed."""
    fields = _header_of(order) | numbered([_row(line) for line in _lines_of(order)])
    if order.promised_at:
        fields["promised_on"] = timezone.localdate(order.promised_at).isoformat()
    return fields | {"note": order.note, "seen_version": order.version}


def copied(order: Order, *, token: str) -> dict[str, Any]:
    """The fields of a new order like an old one, at today's list prices where it followed them."""
    rows = [_row(line, follow_list=True) for line in _lines_of(order)]
    return _header_of(order) | {"token": token} | numbered(rows)


def _lines_of(order: Order) -> list[OrderLine]:
    return list(order.lines.select_related("product"))


def _header_of(order: Order) -> dict[str, Any]:
    names = ("currency", "payment_days", "ship_to_name", "ship_to_phone", "ship_to_address")
    return {name: getattr(order, name) for name in names}


def _row(line: OrderLine, *, follow_list: bool = False) -> dict[str, Any]:
    follows = follow_list and line.price == line.list_price
    return {
        "product": line.product.sku,
        "quantity": format(line.quantity.normalize(), "f"),
        "price": "" if follows else line.price,
        "discount_percent": line.discount_percent or "",
        "tax_percent": line.tax_percent,
        # A copy is delivered from other lots.
        "lot": "" if follow_list else line.lot,
    }
