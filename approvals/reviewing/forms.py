"""What is filled in to review many limits in one go."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.reviewing.listing import Reviewed
from credit.figures import FigureField
from credit.limit_forms import why
from credit.money import LARGEST
from credit.receivables.forms import day_field

KEEP, CHANGE, LATER = "keep", "change", "later"
YEAR = timedelta(days=365)


class ReviewForm(forms.Form):
    """What holds for all of them: what the reviews rest on, and when the next ones are due."""

    reason = why(
        gettext_lazy("What the review rests on"),
        gettext_lazy("Kept with each limit; whoever decides about a change reads it."),
    )
    review_on = day_field(gettext_lazy("Next review"))

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, initial={"review_on": today + YEAR})
        self.today = today

    def clean_review_on(self) -> date:
        day: date = self.cleaned_data["review_on"]
        if day <= self.today:
            raise ValidationError(_("The next review has to be after today."))
        return day


class PickForm(forms.Form):
    """What becomes of one limit."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[
            (KEEP, gettext_lazy("Confirm as it is")),
            (CHANGE, gettext_lazy("Request a change to")),
            (LATER, gettext_lazy("Leave for later")),
        ],
    )
    amount = FigureField(label=gettext_lazy("New limit"), required=False, most=LARGEST)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, row: Reviewed) -> None:
        initial = {
            "outcome": KEEP,
            "amount": f"{row.recommended:,.2f}" if row.recommended else None,
            "seen": row.base.pk if row.base else None,
        }
        super().__init__(data, prefix=f"limit-{row.account.pk}", initial=initial)
        self.row = row
        words = {"customer": row.account.customer.name}
        self.fields["outcome"].widget.attrs["aria-label"] = _("Outcome for %(customer)s") % words
        self.fields["amount"].widget.attrs["aria-label"] = _("New limit of %(customer)s") % words

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("outcome") != CHANGE or "amount" in self.errors:
            return cleaned
        if cleaned.get("amount") is None:
            self.add_error("amount", _("Write the new limit."))
        elif self.row.base and cleaned["amount"] == self.row.base.amount:
            self.add_error("amount", _("That is the limit of today: confirm it instead."))
        return cleaned
