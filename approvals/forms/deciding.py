"""What approvers fill in: the answer, its conditions, questions and replies."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.figures import FigureField
from credit.money import LARGEST
from journal.attachments.forms import FilesField
from orders.conditions import LONGEST_TEXT, MOST_DAYS, ConditionInput
from orders.enums import ConditionKind

APPROVE, CONDITIONS, RETURN, REJECT = "approve", "conditions", "return", "reject"
_LONGEST = 2000
ANSWERS = [
    (APPROVE, gettext_lazy("Release order")),
    (CONDITIONS, gettext_lazy("Release with conditions")),
    (RETURN, gettext_lazy("Return for change")),
    (REJECT, gettext_lazy("Reject order")),
]
# By the field that takes it, the kind of a condition and the name of its figure.
_CONDITIONS: dict[str, tuple[ConditionKind, str]] = {
    "prepay": (ConditionKind.PREPAY, "percent"),
    "days": (ConditionKind.PAY_WITHIN, "days"),
    "document": (ConditionKind.GUARANTEE, "text"),
    "amount": (ConditionKind.AMOUNT, "amount"),
}


def comment_field(help_text: Any) -> forms.CharField:
    """The comment that every answer needs."""
    return forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
        error_messages={"required": gettext_lazy("Write a comment: it is kept with the decision.")},
    )


class DecideForm(forms.Form):
    """The answer to a request.

    `seen_decision` says which figures the approver was shown, `seen_level` at which level.
    """

    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose whether to release, return or reject the order.")
        },
    )
    prepay = FigureField(
        # xgettext:no-python-format
        label=gettext_lazy("Prepay, % of the total"),
        required=False,
        most=Decimal(100),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Pay within, days after release"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
    )
    document = forms.CharField(
        label=gettext_lazy("Document received before shipping"),
        required=False,
        max_length=LONGEST_TEXT,
    )
    amount = FigureField(label=gettext_lazy("Release only up to"), required=False, most=LARGEST)
    comment = comment_field(
        gettext_lazy("Kept with the decision; salesperson and auditor read it.")
    )
    seen_decision = forms.IntegerField(
        label=gettext_lazy("Credit decision shown"), widget=forms.HiddenInput
    )
    seen_level = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [name for name in _CONDITIONS if cleaned.get(name) not in (None, "")]
        answer, wrong = cleaned.get("answer"), any(name in self.errors for name in _CONDITIONS)
        if answer == CONDITIONS and not given and not wrong:
            raise ValidationError(
                _("Fill in at least one condition, or release the order without.")
            )
        if answer == APPROVE and given:
            raise ValidationError(
                _("You filled in conditions. Choose to release with conditions, or clear them.")
            )
        return cleaned

    @property
    def conditions(self) -> list[ConditionInput]:
        """The conditions of a valid answer, in the order of the fields."""
        if self.cleaned_data["answer"] != CONDITIONS:
            return []
        return [
            ConditionInput(kind, **{figure: self.cleaned_data[name]})
            for name, (kind, figure) in _CONDITIONS.items()
            if self.cleaned_data[name] not in (None, "")
        ]

    @property
    def condition_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in _CONDITIONS]


class ReplyForm(forms.Form):
    """A reply on the thread of a request, with files from whoever may attach some."""

    text = forms.CharField(
        label=gettext_lazy("Reply"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write something first.")},
    )
    documents = FilesField(label=gettext_lazy("Files"), required=False)

    def __init__(self, *args: Any, may_attach: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_attach:
            del self.fields["documents"]


class AskForm(forms.Form):
    """A question about a request, of its salesperson or another colleague who can see it."""

    to = forms.TypedChoiceField(label=gettext_lazy("Ask"), coerce=int)
    text = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write the question first.")},
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = people  # type: ignore[attr-defined]


class BulkForm(forms.Form):
    """One answer with one comment for several requests."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[
            (APPROVE, gettext_lazy("Release these orders")),
            (REJECT, gettext_lazy("Reject these orders")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether to release or to reject.")},
    )
    comment = comment_field(gettext_lazy("Kept with the decision about each of them."))
