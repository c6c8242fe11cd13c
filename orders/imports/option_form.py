"""What somebody chooses for all files of an import together."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.enums import LimitKind
from credit.models.customer import CODE
from credit.money import CURRENCIES
from orders.imports import fields
from orders.imports.enums import DateForm, Kind, Status
from orders.imports.fields import FIELDS
from orders.imports.mapping import fold
from orders.imports.options import Options
from orders.imports.rights import submits_orders
from orders.models import ImportRun
from staff import zones
from staff.models import User

HISTORY = ("yes", _("history: they keep their own times and open no tickets"))
WORD = "word_"
_NUMBERS = (fields.AMOUNT, fields.PRICE, fields.QUANTITY, fields.PIECES, fields.PERCENT)
_PARTIES = (Kind.CUSTOMERS, Kind.ORDERS, Kind.INVOICES)


def _with(*types: str) -> set[str]:
    """The kinds of files that have a column of one of these types."""
    return {kind for kind, known in FIELDS.items() if any(f.type in types for f in known)}


# Which kinds of files each choice says something about.
ABOUT: dict[str, set[str]] = {
    "history": {Kind.ORDERS, Kind.LINES},
    "date_form": _with(fields.MOMENT, fields.DATE),
    "time_zone": _with(fields.MOMENT),
    "currency": _with(fields.CURRENCY),
    "decimal_comma": _with(*_NUMBERS),
    "number_prefix": {Kind.ORDERS, Kind.LINES, Kind.PAYMENTS, Kind.SHIPMENTS},
    "customer_code": {Kind.ORDERS},
    "customer_name": {Kind.ORDERS},
    "payments_again": {Kind.PAYMENTS, Kind.RECEIPTS},
    "new_customers": {Kind.INVOICES},
    "owner": {*_PARTIES},
    "limit_kind": {*_PARTIES},
    "payment_days": {*_PARTIES},
    "tax_percent": {Kind.PRODUCTS, Kind.ORDERS, Kind.LINES},
}


class OptionsForm(forms.Form):
    """The choices that hold for all files of an import."""

    history = forms.TypedChoiceField(
        label=_("The orders are"),
        coerce=lambda value: value == "yes",
        choices=[
            HISTORY,
            ("no", _("new: each is submitted now and goes through the gate")),
        ],
        widget=forms.RadioSelect,
    )
    date_form = forms.ChoiceField(
        label=_("Dates are written as"),
        required=False,
        choices=[("", _("not chosen: only dates that begin with the year")), *DateForm.choices],
        help_text=_("A time of day may follow. Dates that can be read in two ways are refused."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone of the files"))
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        choices=[("", _("as the files say")), *((code, code) for code, _name in CURRENCIES)],
    )
    decimal_comma = forms.BooleanField(label=_("Decimal comma, as in 1.234,50"), required=False)
    number_prefix = forms.CharField(
        label=_("Put before the order numbers"),
        required=False,
        max_length=20,
        help_text=_("Keeps the numbers of different shops apart, as in shop1-."),
    )
    customer_code = forms.CharField(
        label=_("Customer of orders that name none"),
        required=False,
        max_length=40,
        validators=[CODE],
        help_text=_("A customer code; a new one makes a new customer."),
    )
    customer_name = forms.CharField(
        label=_("Name of that customer, if new"), required=False, max_length=200
    )
    payments_again = forms.BooleanField(
        label=_("Record payments without a reference although they look recorded already"),
        required=False,
        help_text=_(
            "A payment of the same order or customer, amount and day counts as recorded and is "
            "skipped, unless you choose this. Look first whether it is further money."
        ),
    )
    new_customers = forms.BooleanField(
        label=_("Receivables: make customers that are not known"),
        required=False,
        help_text=_("Each gets its code as its name and an account in the currency above."),
    )
    owner = forms.ModelChoiceField(
        label=_("Salesperson of new customers"),
        required=False,
        queryset=User.objects.filter(is_active=True).order_by("full_name", "username"),
        empty_label=_("whoever imports"),
    )
    limit_kind = forms.ChoiceField(
        label=_("Credit of new customers"),
        choices=[c for c in LimitKind.choices if c[0] != LimitKind.AMOUNT],
    )
    payment_days = forms.IntegerField(
        label=_("Payment terms of new customers, in days"), min_value=0, max_value=365
    )
    tax_percent = forms.DecimalField(
        label=_("Tax of new products, in per cent"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
    )

    def __init__(self, run: ImportRun, by: User, at: datetime, data: Any = None) -> None:
        options = run.options
        initial = options.as_json() | {
            "history": "yes" if options.history else "no",
            "owner": options.owner_id,
        }
        super().__init__(data, initial=initial)
        self.options = options
        self._offer("time_zone", zones.choices(at, options.time_zone))
        if not submits_orders(by) and options.history:
            self._offer("history", [HISTORY])
        if not by.has_perm("credit.change_limit"):
            self._offer("limit_kind", [(LimitKind.NONE, LimitKind.NONE.label)])
        for number, word in enumerate(run.unknown_words):
            self.fields[f"{WORD}{number}"] = forms.ChoiceField(
                label=word, required=False, choices=[("", "–"), *Status.choices]
            )
        self.words = run.unknown_words
        self.kinds = [file.kind for file in run.files.all()]

    MAIN = ("history", "date_form", "time_zone", "currency", "decimal_comma", "number_prefix",
            "customer_code", "customer_name", "payments_again")  # fmt: skip
    MORE = ("new_customers", "owner", "limit_kind", "payment_days", "tax_percent")

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def main(self) -> list[forms.BoundField]:
        """The choices that most imports of such files need."""
        return [self[name] for name in self.MAIN if self._concerns(name)]

    @property
    def more(self) -> list[forms.BoundField]:
        """The choices about what the import creates besides orders."""
        return [self[name] for name in self.MORE if self._concerns(name)]

    @property
    def unasked(self) -> list[forms.BoundField]:
        """The choices that say nothing about such files; they go along unseen."""
        return [self[name] for name in (*self.MAIN, *self.MORE) if not self._concerns(name)]

    def _concerns(self, name: str) -> bool:
        return not all(self.kinds) or any(kind in ABOUT[name] for kind in self.kinds)

    @property
    def status_words(self) -> list[forms.BoundField]:
        """One choice for each status word that was not understood."""
        return [self[f"{WORD}{number}"] for number in range(len(self.words))]

    def chosen(self) -> Options:
        """The options as chosen; what the form does not ask for stays."""
        given = self.cleaned_data
        words = {
            fold(word): given[f"{WORD}{number}"]
            for number, word in enumerate(self.words)
            if given.get(f"{WORD}{number}")
        }
        plain = {name: given[name] for name in (*self.MAIN, *self.MORE) if name != "owner"}
        return Options.of(
            self.options.as_json()
            | plain
            | {
                "owner_id": given["owner"].pk if given["owner"] else None,
                "status_words": self.options.status_words | words,
            }
        )
