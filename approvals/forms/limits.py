"""What is filled in to request a change of a limit, and to decide about one."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.deciding import APPROVE, REJECT, RETURN, DecideForm, comment_field
from approvals.models import ApprovalRequest
from credit.limit_forms import GrantForm
from credit.models import CreditAccount
from journal.attachments.forms import FilesField
from orders.conditions import ConditionInput


class RequestForm(GrantForm):
    """A limit that is asked for, with its justification and what proves it."""

    documents = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("Statements, guarantees, insurance: what supports the request."),
    )

    def __init__(self, data: Any, files: Any, *, account: CreditAccount, today: date) -> None:
        super().__init__(data, account=account, today=today)
        self.files = files or self.files
        reason = self.fields["reason"]
        reason.label = _("Justification")
        reason.help_text = _("Those who decide read it, and it is kept with the limit.")


class LimitDecideForm(forms.Form):
    """The answer to a requested change of a limit; `seen_decision` is the round that was shown."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[
            (APPROVE, gettext_lazy("Approve change")),
            (RETURN, gettext_lazy("Return for change")),
            (REJECT, gettext_lazy("Reject change")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose whether to approve, return or reject the change.")
        },
    )
    comment = comment_field(
        gettext_lazy("Kept with the decision; whoever requested it and the auditor will read it.")
    )
    seen_decision = forms.IntegerField(widget=forms.HiddenInput)
    seen_level = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    @property
    def conditions(self) -> list[ConditionInput]:
        """None: a limit has no conditions."""
        return []


class WithdrawForm(forms.Form):
    """Why a request is taken back."""

    reason = forms.CharField(label=gettext_lazy("Why you withdraw it"), max_length=1000)


def form_of(asked: ApprovalRequest) -> type[DecideForm] | type[LimitDecideForm]:
    """The form by which a request is answered."""
    return LimitDecideForm if asked.limit_change_id else DecideForm
