"""The small forms behind the actions of an order."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.figures import FigureField
from credit.forms import capitalised
from credit.models import Invoice
from credit.money import LARGEST
from journal.attachments.forms import FilesField
from orders.enums import HoldReason, PaymentMethod
from orders.forms.goods import allocated_at, choose_warehouse, no_warehouse, warehouse_field
from orders.forms.quantities import QuantitiesMixin
from orders.lifecycle import billable
from orders.models import Decision, Order, Warehouse
from orders.models.hold import code_label
from staff.figures import money
from staff.models import User

_TYPED_MOMENTS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
# Nothing that anybody records here happened before.
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def _why(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=1000, widget=widget, help_text=help_text)


class ActForm(forms.Form):
    """What every action carries: a token, so that sent twice it is done once."""

    token = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    # Why there is nothing to fill in, where that is so.
    nothing_left = ""

    def __init__(self, *args: Any, order: Order, user: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.user, self.at = order, user, at


class EventForm(ActForm):
    """An action with the moment at which it happened, in the reader's time zone."""

    happened_at = forms.DateTimeField(
        label=gettext_lazy("When it happened"),
        help_text=gettext_lazy("In your time zone. May lie in the past, not in the future."),
        input_formats=_TYPED_MOMENTS,
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_at"].initial = timezone.localtime(self.at).replace(microsecond=0)

    def clean_happened_at(self) -> datetime:
        moment: datetime = self.cleaned_data["happened_at"]
        if moment > self.at:
            raise ValidationError(_("This time lies in the future. Enter when it happened."))
        if moment < _EARLIEST:
            raise ValidationError(_("This is too long ago. Check the year."))
        return moment


class MoneyForm(EventForm):
    """Money that came or went: how much, how, and under which reference of the bank."""

    amount = FigureField(
        label=gettext_lazy("Amount"),
        least=Decimal("0.01"),
        most=LARGEST,
        error_messages={"min_value": gettext_lazy("The amount must be more than 0.")},
    )
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=capitalised(PaymentMethod))
    reference = forms.CharField(
        label=gettext_lazy("Bank reference"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("The same reference is taken once per order."),
    )
    field_order = ["amount", "happened_at", "method", "reference"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("Amount in %(currency)s") % {
            "currency": self.order.currency
        }


class PaymentForm(MoneyForm):
    """What is owed is filled in. More than that, often a slip of the hand, is asked about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = self.order.unpaid

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        amount = given.get("amount")
        # The tick is for this very amount.
        if amount and amount > self.order.unpaid and self.data.get("beyond") != str(amount):
            self._ask(amount)
        return given

    def _ask(self, amount: Decimal) -> None:
        beyond = {"beyond": money(amount - self.order.unpaid)}
        self.fields["beyond"] = forms.BooleanField(
            label=_("%(beyond)s more than is owed came in") % beyond,
            widget=forms.CheckboxInput(attrs={"value": str(amount)}),
        )
        self.add_error(
            "beyond",
            _("This is %(beyond)s more than is owed. Correct the amount, or tick this.") % beyond,
        )


class RefundForm(MoneyForm):
    """All that can be given back is filled in."""

    reason = _why(gettext_lazy("Why it is given back"), gettext_lazy("It is kept with the refund."))
    field_order = ["amount", "reason", "happened_at", "method", "reference"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = self.order.overpaid
        self.fields["amount"].help_text = _("At most %(most)s.") % {
            "most": money(self.order.overpaid)
        }


class ShipForm(QuantitiesMixin, EventForm):
    """All that is left is filled in, so that shipping everything is one click."""

    carrier = forms.CharField(label=gettext_lazy("Carrier"), required=False, max_length=80)
    tracking_number = forms.CharField(
        label=gettext_lazy("Tracking number"), required=False, max_length=80
    )
    warehouse_id = warehouse_field(gettext_lazy("Leaves from"))
    field_order = ["warehouse_id", "carrier", "tracking_number", "happened_at"]
    measure = gettext_lazy("Ships now")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = self.order.lines.select_related("product").prefetch_related("allocations")
        lines = list(found)
        choose_warehouse(
            self, lines, initial=allocated_at(lines), none=no_warehouse(), leaving=True
        )
        self.ask_for(lines, {line.pk: line.unshipped for line in lines}, all_of=True)

    def clean(self) -> dict[str, Any]:
        return self.take_quantities(super().clean() or {})


class ReturnForm(QuantitiesMixin, EventForm):
    """What the customer has is the most that can come back; nothing is filled in."""

    reason = _why(gettext_lazy("Why it came back"), gettext_lazy("It is kept with the order."))
    warehouse_id = warehouse_field(
        gettext_lazy("Back in stock at"),
        gettext_lazy("Only for goods that can be sold again."),
    )
    field_order = ["reason", "warehouse_id", "happened_at"]
    measure = gettext_lazy("Came back")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = list(self.order.lines.select_related("product"))
        places = [(str(each.pk), str(each)) for each in Warehouse.objects.filter(active=True)]
        field: Any = self.fields["warehouse_id"]
        field.choices = [("", _("nowhere")), *places]
        if not places:
            del self.fields["warehouse_id"]
        self.ask_for(lines, {line.pk: line.with_customer for line in lines}, all_of=False)

    def clean(self) -> dict[str, Any]:
        cleaned = self.take_quantities(super().clean() or {})
        cleaned["quantities"] = cleaned["quantities"] or {}
        return cleaned


class InvoiceForm(EventForm):
    """What shipped and is not invoiced is filled in."""

    number = forms.CharField(label=gettext_lazy("Invoice number"), max_length=60)
    amount = FigureField(label=gettext_lazy("Amount"), required=False, most=LARGEST)
    field_order = ["number", "amount", "happened_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = self.order
        number = order.number.replace("SO-", "INV-", 1)
        earlier = Invoice.objects.filter(order_id=order.pk).count()
        self.fields["number"].initial = f"{number}-{earlier + 1}" if earlier else number
        amount = self.fields["amount"]
        amount.initial = billable(order) or order.to_invoice_now
        names = {"currency": order.currency, "left": money(order.to_invoice_now)}
        amount.label = _("Amount with tax in %(currency)s") % names
        amount.help_text = _("%(left)s %(currency)s is left to invoice.") % names


class CloseShortForm(EventForm):
    reason = _why(gettext_lazy("Why"), gettext_lazy("It is kept with the order."))
    field_order = ["reason", "happened_at"]


class HoldForm(ActForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=capitalised(HoldReason), widget=forms.RadioSelect
    )
    note = _why(
        gettext_lazy("What is wrong"), gettext_lazy("Whoever releases the hold will read it.")
    )
    forced = forms.BooleanField(
        label=gettext_lazy("Force this hold"),
        required=False,
        help_text=gettext_lazy("Only those who may force holds can release it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user.has_perm("orders.force_hold"):
            del self.fields["forced"]


class ReasonForm(ActForm):
    reason = _why(gettext_lazy("Why"), gettext_lazy("It is kept with the order."))


class MisjudgedForm(ActForm):
    reason = _why(
        gettext_lazy("Why it was wrong"), gettext_lazy("Reviews of rules and checks count it.")
    )


class CheckMisjudgedForm(MisjudgedForm):
    """Which of the checks that stopped the order was wrong; `left` are those not marked yet."""

    code = forms.ChoiceField(label=gettext_lazy("Check"), widget=forms.RadioSelect)
    field_order = ["code", "reason"]

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marked = set(decision.misjudgments.values_list("code", flat=True))
        self.left = sorted(decision.reason_codes - marked)
        field: Any = self.fields["code"]
        field.choices = [(code, code_label(code, of_hold=False)) for code in self.left]
        field.initial = self.left[0] if len(self.left) == 1 else None


class MeetForm(ActForm):
    evidence = _why(
        gettext_lazy("Evidence"),
        gettext_lazy("Which document came in, and where it is. It is kept with the condition."),
    )
    documents = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("The document itself; it is attached to the order."),
    )


class ReleaseForm(ActForm):
    note = _why(gettext_lazy("Why it can be released"), gettext_lazy("It is kept with the hold."))
