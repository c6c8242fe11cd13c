"""The forms by which limits, groups and promises are entered."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enums import LimitKind, LimitType, Security
from credit.figures import FigureField
from credit.forms import capitalised
from credit.lifecycle import LimitInput
from credit.models import CreditAccount, CreditLimit, Customer
from credit.money import LARGEST
from credit.receivables.forms import amount_field, day_field
from staff.models import User


def why(label: Any, help_text: Any = "", **options: Any) -> forms.CharField:
    """A reason of some sentences."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, max_length=1000, widget=widget, help_text=help_text, **options
    )


class GrantForm(forms.Form):
    """A new limit of any type for an account, in its currency."""

    type = forms.ChoiceField(
        label=gettext_lazy("Type of limit"),
        choices=capitalised(LimitType),
        initial=LimitType.BASE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "A base limit takes over from the one before; the other two add to it."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of base limit"),
        choices=capitalised(LimitKind),
        initial=LimitKind.AMOUNT,
        widget=forms.RadioSelect,
        required=False,
    )
    amount = FigureField(
        required=False,
        most=LARGEST,
        label=gettext_lazy("Amount"),
        error_messages={"min_value": gettext_lazy("A limit cannot be negative.")},
    )
    security = forms.ChoiceField(
        label=gettext_lazy("Secured by"),
        choices=[("", gettext_lazy("Choose what secures it")), *capitalised(Security)],
        required=False,
    )
    covered_percent = FigureField(
        label=gettext_lazy("Covered, in %"),
        required=False,
        most=Decimal(100),
        help_text=gettext_lazy("So much of the amount adds to the limit."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Document"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Number of the guarantee, the insurance policy or the contract."),
    )
    valid_from = day_field(gettext_lazy("First day"))
    valid_until = day_field(
        gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("A base limit without one stands until it is replaced."),
    )
    reason = why(gettext_lazy("Why"), gettext_lazy("It is kept in the history of the limit."))
    # The limit that was seen: a change by somebody else in between is not overwritten unseen.
    seen = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, account: CreditAccount, today: date) -> None:
        base = base_limit(account)
        self.now = str(base.pk) if base else ""
        initial: dict[str, Any] = {"seen": self.now, "valid_from": today}
        if base:
            initial |= {"kind": base.kind, "amount": base.amount}
        super().__init__(data, initial=initial)
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": account.currency}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("type")
        if kind == LimitType.BASE:
            self._clean_base(cleaned)
        elif kind:
            self._clean_addition(cleaned, secured=kind == LimitType.SECURED)
        if cleaned.get("kind") == LimitKind.AMOUNT:
            self._need("amount", _("Write the amount of the limit."))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day cannot be before the first."))
        if cleaned.get("seen") != self.now:
            raise ValidationError(
                _("Somebody changed this limit meanwhile. Look at it again, then repeat.")
            )
        return cleaned

    def _clean_base(self, cleaned: dict[str, Any]) -> None:
        self._need("kind", _("Choose the kind of limit."))
        if cleaned.get("kind") != LimitKind.AMOUNT:
            # What stands there is the old amount, which another kind does not have.
            cleaned["amount"] = None
        cleaned |= {"security": "", "covered_percent": None, "reference": ""}

    def _clean_addition(self, cleaned: dict[str, Any], *, secured: bool) -> None:
        cleaned["kind"] = LimitKind.AMOUNT
        self._need("valid_until", _("Choose the last day of the limit."))
        if secured:
            self._need("security", _("Choose what secures the limit."))
            self._need("covered_percent", _("Write how much of the amount is covered."))
        else:
            cleaned |= {"security": "", "covered_percent": None, "reference": ""}

    def _need(self, name: str, message: str) -> None:
        if self.cleaned_data.get(name) in (None, "") and name not in self.errors:
            self.add_error(name, message)

    def limit(self) -> LimitInput:
        """What the lifecycle is asked to grant."""
        names = ("type", "kind", "amount", "valid_from", "valid_until")
        more = ("security", "covered_percent", "reference")
        return LimitInput(**{name: self.cleaned_data[name] for name in (*names, *more)})


class EndForm(forms.Form):
    """Why a limit ends before its last day."""

    reason = why(gettext_lazy("Why it ends"), gettext_lazy("It is kept with the limit."))


class ReviewForm(forms.Form):
    """By when the customer's credit is to be reviewed."""

    review_on = day_field(
        gettext_lazy("Review by"),
        required=False,
        help_text=gettext_lazy("Leave it empty for no such day."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed where the review is put off."),
    )


class PromiseForm(forms.Form):
    """What the customer promised to pay, and by when."""

    amount = amount_field(gettext_lazy("Amount"))
    due_on = day_field(gettext_lazy("To be paid by"))
    note = why(
        gettext_lazy("Note"),
        gettext_lazy("Who promised it, and how."),
        required=False,
    )

    def __init__(self, data: Any, *, account: CreditAccount, today: date) -> None:
        super().__init__(data, initial={"due_on": today + timedelta(days=7)})
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": account.currency}


class GroupForm(forms.Form):
    """Under which customer an account goes."""

    parent = forms.CharField(
        label=gettext_lazy("Customer code of the group"),
        max_length=80,
        help_text=gettext_lazy("Type a part of the code or the name, then choose."),
        widget=forms.TextInput(attrs={"list": "group-choices", "autocomplete": "off"}),
    )
    reason = why(gettext_lazy("Why"), gettext_lazy("It is kept in the journal."))

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_parent(self) -> CreditAccount:
        code = self.cleaned_data["parent"].strip()
        found = Customer.objects.for_user(self.user).filter(code__iexact=code)
        account = CreditAccount.objects.filter(customer__in=found).first()
        if account is None:
            raise ValidationError(_("There is no customer with this code and a credit account."))
        return account


class LeaveForm(forms.Form):
    """Why an account leaves its group."""

    reason = why(gettext_lazy("Why it leaves"), gettext_lazy("It is kept in the journal."))


def base_limit(account: CreditAccount) -> CreditLimit | None:
    """The base limit among those that are valid now."""
    return next((row for row in account.valid_limits if row.type == LimitType.BASE), None)
