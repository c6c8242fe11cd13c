from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enums import CustomerStatus, LimitKind, LimitType
from credit.figures import FigureField
from credit.models import CreditAccount, CreditLimit, Segment
from credit.money import LARGEST
from credit.querysets import CustomerQuerySet
from staff.models import User

_ALL = ("", gettext_lazy("All"))


def capitalised(codes: type[TextChoices]) -> list[tuple[str, str]]:
    """The choices as they stand alone: labels are written to fit into sentences."""
    return [(code, capfirst(label)) for code, label in codes.choices]


class CustomerFilter(forms.Form):
    """Filters of the customer list."""

    q = forms.CharField(label=gettext_lazy("Code or name"), required=False, max_length=80)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), required=False, choices=[_ALL, *capitalised(CustomerStatus)]
    )
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Salesperson"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        segments = [(str(segment.pk), segment.name) for segment in Segment.objects.all()]
        self.fields["segment"].choices = [_ALL, *segments]  # type: ignore[attr-defined]
        if not user.has_perm("credit.view_all_customers"):
            del self.fields["owner"]
            return
        sellers = User.objects.filter(customers__isnull=False).distinct().order_by("full_name")
        people = [(str(person.pk), person.display_name) for person in sellers]
        self.fields["owner"].choices = [_ALL, *people]  # type: ignore[attr-defined]

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, customers: CustomerQuerySet) -> CustomerQuerySet:
        """The customers that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return customers.none()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        words = chosen.pop("q", "")
        customers = customers.filter(**chosen)
        return customers.search(words) if words else customers


class LimitForm(forms.Form):
    """A new limit for an account, in its currency."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of limit"),
        choices=capitalised(LimitKind),
        widget=forms.RadioSelect,
    )
    amount = FigureField(
        required=False,
        most=LARGEST,
        label=gettext_lazy("Amount"),
        help_text=gettext_lazy("Only for a limit of the kind 'amount'."),
        error_messages={"min_value": gettext_lazy("A limit cannot be negative.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept in the history of the limit."),
    )
    # The limit that was seen: a change by somebody else in between is not overwritten unseen.
    seen = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, account: CreditAccount) -> None:
        seen = limit_seen(account)
        base = base_limit(account)
        initial = {"seen": seen} | ({"kind": base.kind, "amount": base.amount} if base else {})
        super().__init__(data, initial=initial)
        self.now = seen
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": account.currency}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, amount = cleaned.get("kind"), cleaned.get("amount")
        if kind == LimitKind.AMOUNT and amount is None and "amount" not in self.errors:
            self.add_error("amount", _("Write the amount of the limit."))
        if kind and kind != LimitKind.AMOUNT and amount is not None:
            # What stands there is the old amount, which another kind does not have.
            cleaned["amount"] = None
        if cleaned.get("seen") != self.now:
            raise ValidationError(
                _("Somebody changed this limit meanwhile. Look at it again, then repeat.")
            )
        return cleaned


def limit_seen(account: CreditAccount) -> str:
    """The limit as one text, to tell whether it is still the one that was seen."""
    base = base_limit(account)
    return str(base.pk) if base else ""


def base_limit(account: CreditAccount) -> CreditLimit | None:
    """The base limit among those that are valid now."""
    return next((row for row in account.valid_limits if row.type == LimitType.BASE), None)
