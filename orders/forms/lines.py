"""The lines of an order as they are typed."""

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import TOTAL_FORM_COUNT
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.figures import FigureField
from credit.money import CENT, ZERO, quantize
from orders.amounts import HUNDRED, LARGEST_PRICE, LARGEST_QUANTITY, LONGEST_LOT, LineInput
from orders.catalogue import Found, find

PREFIX = "lines"
MOST_LINES = 500
# Empty lines that wait for somebody to type.
SPARE = 3
_TYPED = ("product", "quantity", "price", "discount_percent", "tax_percent", "lot")


class LineForm(forms.Form):
    """One line. An empty price means the list price, an empty tax that of the product."""

    product = forms.CharField(
        label=gettext_lazy("Product"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the SKU or the name of a product.")},
    )
    quantity = FigureField(
        label=gettext_lazy("Quantity"),
        most=LARGEST_QUANTITY,
        least=Decimal("0.001"),
        max_digits=12,
        decimal_places=3,
        error_messages={
            "required": gettext_lazy("Write how many."),
            "min_value": gettext_lazy("The quantity must be more than 0."),
        },
    )
    price = FigureField(
        label=gettext_lazy("Price"),
        required=False,
        most=LARGEST_PRICE,
        max_digits=12,
        error_messages={"min_value": gettext_lazy("The price cannot be negative.")},
    )
    discount_percent = FigureField(
        label=gettext_lazy("Discount %"),
        required=False,
        most=HUNDRED,
        max_digits=5,
        error_messages={
            "min_value": gettext_lazy("The discount must be between 0 and 100."),
            "max_value": gettext_lazy("The discount must be between 0 and 100."),
        },
    )
    tax_percent = FigureField(
        label=gettext_lazy("Tax %"),
        required=False,
        most=HUNDRED,
        max_digits=5,
        error_messages={
            "min_value": gettext_lazy("The tax must be between 0 and 100."),
            "max_value": gettext_lazy("The tax must be between 0 and 100."),
        },
    )
    lot = forms.CharField(
        label=gettext_lazy("Lot"),
        required=False,
        max_length=LONGEST_LOT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    found = Found()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = str(self.prefix).rpartition("-")[2]
        # The script that adds lines puts the number in.
        number = int(place) + 1 if place.isdigit() else "{n}"
        for name, field in self.fields.items():
            said = _("%(field)s, line %(number)s") % {"field": field.label, "number": number}
            field.widget.attrs |= {"aria-label": said, "data-cell": name}

    def has_changed(self) -> bool:
        """A line counts once a product, a quantity or a price is typed."""
        return any(str(self[name].value() or "").strip() for name in _TYPED[:3])

    @property
    def line(self) -> LineInput:
        """The line as the lifecycle takes it; only for a valid line."""
        values = self.cleaned_data
        product, listed = self.found.product, self.found.price
        if product is None or listed is None:
            raise ValueError("only a complete line has its figures")
        return LineInput(
            product_id=product.pk,
            quantity=values["quantity"],
            price=listed.price if values["price"] is None else values["price"],
            tax_percent=_or(values["tax_percent"], product.tax_percent),
            discount_percent=_or(values["discount_percent"], ZERO),
            list_price=listed.price,
            unit_cost=listed.cost,
            lot=values["lot"],
        )

    @property
    def deviation(self) -> Decimal | None:
        """By how much price less discount differs from the list price, in percent of it."""
        line = self.line
        if not line.list_price:
            return None
        percent = (_charged(line) - line.list_price) * HUNDRED / line.list_price
        return quantize(percent) if abs(percent) >= CENT else None

    @property
    def below(self) -> Decimal | None:
        """The same without its sign, for sentences that say in which direction."""
        deviation = self.deviation
        return None if deviation is None else abs(deviation)

    @property
    def margin(self) -> Decimal | None:
        """What is left of the price after the cost, in percent of it; None where one is missing."""
        line = self.line
        charged = _charged(line)
        if line.unit_cost is None or not charged:
            return None
        return quantize((charged - line.unit_cost) * HUNDRED / charged)


def _charged(line: LineInput) -> Decimal:
    return line.price * (HUNDRED - line.discount_percent) / HUNDRED


def _or(value: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if value is None else value


class BaseLines(forms.BaseFormSet):
    """The lines together; products are looked up in one go, in the currency of the order."""

    default_error_messages = {
        "missing_management_form": gettext_lazy(
            "The form arrived incomplete. Go back, reload the page and try again."
        ),
        "too_many_forms": gettext_lazy(
            "An order has at most %(num)d lines; split it into several."
        ),
    }

    def __init__(self, data: Any, *, currency: str) -> None:
        self.currency = currency
        super().__init__(data, prefix=PREFIX)

    def clean(self) -> None:
        typed = {form: form.cleaned_data["product"] for form in self.filled() if _named(form)}
        known = find(typed.values(), self.currency)
        for form, text in typed.items():
            form.found = known[text]
            if form.found.problem:
                form.add_error("product", form.found.problem)

    def filled(self) -> list[LineForm]:
        """The lines in which something was typed."""
        return [form for form in self.forms if form.has_changed()]

    def complete(self) -> list[LineForm]:
        """The lines that can be counted already."""
        self.is_valid()
        return [form for form in self.filled() if form.is_valid() and form.found.product]

    def inputs(self) -> list[LineInput]:
        """What the lifecycle takes, from complete lines."""
        return [form.line for form in self.complete()]


def _named(form: LineForm) -> bool:
    return form.is_bound and bool(getattr(form, "cleaned_data", {}).get("product"))


LineFormSet: type[BaseLines] = forms.formset_factory(  # type: ignore[assignment]
    LineForm,
    formset=BaseLines,
    extra=0,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES + SPARE,
    validate_max=True,
)


def typed_lines(data: Any) -> list[dict[str, str]]:
    """What was typed in the lines of a posted form, one row each, empty ones among them."""
    try:
        count = min(int(data.get(f"{PREFIX}-{TOTAL_FORM_COUNT}", 0)), MOST_LINES)
    except ValueError:
        count = 0
    return [
        {name: data.get(f"{PREFIX}-{place}-{name}", "") for name in _TYPED}
        for place in range(count)
    ]


def numbered(rows: list[dict[str, Any]], spare: int = SPARE) -> dict[str, str]:
    """Rows of figures as the fields of a posted form, with `spare` empty lines below."""
    total = min(max(len(rows) + spare, 1), MOST_LINES)
    fields = {f"{PREFIX}-TOTAL_FORMS": str(total), f"{PREFIX}-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        fields |= {f"{PREFIX}-{place}-{name}": str(value) for name, value in row.items()}
    return fields
