"""The forms by which receipts, disputes, credit notes and write-offs are entered."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.allocation import TINY_RESIDUE, Part, oldest_first
from credit.enums import DisputeOutcome, DisputeReason, PaymentMethod
from credit.figures import FigureField
from credit.forms import capitalised
from credit.lifecycle.receipts import NONE, OLDEST
from credit.models import Invoice, Receipt
from credit.money import LARGEST, ZERO
from staff.figures import money

CHOSEN = "chosen"
PART = "part_"
# So many open invoices are offered one by one; beyond them the oldest come first.
OFFERED = 100


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day chosen from the browser's calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **options)


def amount_field(label: Any, **options: Any) -> FigureField:
    """More than nothing, in the account's currency."""
    return FigureField(
        label=label,
        least=Decimal("0.01"),
        most=LARGEST,
        error_messages={"min_value": gettext_lazy("The amount must be more than 0.")},
        **options,
    )


def _why(label: Any, help_text: Any = "", **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, max_length=1000, widget=widget, help_text=help_text, **options
    )


class PartsForm(forms.Form):
    """How a receipt is spread over the open invoices."""

    allocate = forms.ChoiceField(
        label=gettext_lazy("Allocate"),
        choices=[
            (OLDEST, gettext_lazy("To the oldest invoices first, leaving out what is disputed")),
            (CHOSEN, gettext_lazy("As written beside each invoice")),
        ],
        initial=OLDEST,
        widget=forms.RadioSelect,
    )
    residue = forms.BooleanField(
        label=gettext_lazy("Write off what an invoice is then short of by no more than a trifle"),
        required=False,
    )

    def __init__(
        self, data: Any, *, invoices: Sequence[Invoice], may_write_off: bool, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.invoices = invoices
        for invoice in invoices:
            self.fields[f"{PART}{invoice.pk}"] = FigureField(
                label=invoice.number, required=False, most=invoice.open_amount
            )
        if may_write_off:
            self.fields["residue"].help_text = _("Up to %(amount)s.") % {
                "amount": money(TINY_RESIDUE)
            }
        else:
            del self.fields["residue"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("allocate") == CHOSEN and not self.errors and not self._parts():
            raise ValidationError(_("Write beside at least one invoice how much it gets."))
        return cleaned

    def plan(self) -> str | list[Part]:
        """What the lifecycle is asked to do."""
        chosen = self.cleaned_data["allocate"]
        return self._parts() if chosen == CHOSEN else str(chosen)

    def _parts(self) -> list[Part]:
        given = [(i.pk, self.cleaned_data.get(f"{PART}{i.pk}")) for i in self.invoices]
        return [(pk, part) for pk, part in given if part]

    def head(self) -> list[forms.BoundField]:
        """The fields that are not about one invoice."""
        return [field for field in self if not field.name.startswith(PART)]

    def rows(self, amount: Decimal) -> list[tuple[Invoice, forms.BoundField, Decimal]]:
        """Each open invoice with its field and what it gets of `amount`, oldest first."""
        free = [(i.pk, i.open_amount - i.disputed_amount) for i in self.invoices]
        planned = dict(oldest_first(free, amount))
        return [(i, self[f"{PART}{i.pk}"], planned.get(i.pk, ZERO)) for i in self.invoices]


class ReceiptForm(PartsForm):
    """Money that came in, and what it is for."""

    amount = amount_field(gettext_lazy("Amount"))
    received_on = day_field(gettext_lazy("Received on"))
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=capitalised(PaymentMethod))
    reference = forms.CharField(
        label=gettext_lazy("Bank reference"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("The same reference is taken once per customer."),
    )
    field_order = ["amount", "received_on", "method", "reference", "allocate", "residue"]

    def __init__(self, data: Any, *, currency: str, today: date, **options: Any) -> None:
        super().__init__(data, initial={"received_on": today}, **options)
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}
        choices = self.fields["allocate"].choices  # type: ignore[attr-defined]
        later = (NONE, _("To no invoice yet"))
        self.fields["allocate"].choices = [*choices, later]  # type: ignore[attr-defined]


class RefundForm(forms.Form):
    """Money of a receipt that goes back; all that is left of it is filled in."""

    amount = amount_field(gettext_lazy("Amount"))
    refunded_on = day_field(gettext_lazy("Given back on"))
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=capitalised(PaymentMethod))
    reference = forms.CharField(label=gettext_lazy("Bank reference"), required=False, max_length=80)
    reason = _why(gettext_lazy("Why it is given back"), gettext_lazy("It is kept with the refund."))

    def __init__(self, data: Any, *, receipt: Receipt, today: date) -> None:
        left = receipt.unallocated
        super().__init__(data, initial={"amount": left, "refunded_on": today})
        self.fields["amount"].label = _("Amount in %(currency)s") % {
            "currency": receipt.account.currency
        }
        self.fields["amount"].help_text = _("At most %(most)s.") % {"most": money(left)}


class UndoForm(forms.Form):
    """Why an allocation is undone."""

    reason = _why(gettext_lazy("Why"), gettext_lazy("It is kept with the allocation."))


class InvoiceActForm(forms.Form):
    """An act on an invoice over a part of what is open on it."""

    amount = amount_field(gettext_lazy("Amount"))

    def __init__(self, data: Any, *, invoice: Invoice) -> None:
        super().__init__(data, initial={"amount": invoice.open_amount})
        self.fields["amount"].label = _("Amount in %(currency)s") % {
            "currency": invoice.account.currency
        }
        self.fields["amount"].help_text = _("At most %(open)s, which is what is open.") % {
            "open": money(invoice.open_amount)
        }


class DisputeForm(InvoiceActForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("What the customer objects to"), choices=capitalised(DisputeReason)
    )
    note = _why(gettext_lazy("Note"), required=False)
    field_order = ["reason", "amount", "note"]


class CreditNoteForm(InvoiceActForm):
    number = forms.CharField(
        label=gettext_lazy("Number of the credit note"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Left empty, it is made from the invoice's number."),
    )
    reason = _why(gettext_lazy("Why"), gettext_lazy("It is kept with the credit note."))


class WriteOffForm(InvoiceActForm):
    reason = _why(gettext_lazy("Why"), gettext_lazy("It is kept with the write-off."))


class ResolveForm(forms.Form):
    """How a dispute ended."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("The dispute is"),
        choices=[c for c in capitalised(DisputeOutcome) if c[0] != DisputeOutcome.SETTLED],
        widget=forms.RadioSelect,
    )
    note = _why(
        gettext_lazy("How it was resolved"),
        gettext_lazy("Where it is justified, issue a credit note over the amount afterwards."),
    )


class OpenItemForm(forms.Form):
    """An invoice that belongs to no order here."""

    number = forms.CharField(label=gettext_lazy("Invoice number"), max_length=60)
    amount = amount_field(gettext_lazy("Open amount"))
    issued_on = day_field(gettext_lazy("Issued on"))
    due_on = day_field(gettext_lazy("Due on"))

    def __init__(self, data: Any, *, currency: str) -> None:
        super().__init__(data)
        self.fields["amount"].label = _("Open amount in %(currency)s") % {"currency": currency}
