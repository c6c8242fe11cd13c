from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.querysets import ApprovalRequestQuerySet

APPROVE, REJECT = "approve", "reject"


class DecideForm(forms.Form):
    """The answer to a request. `seen_decision` says which figures the approver was shown."""

    comment = forms.CharField(
        label=_("Comment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept with the decision; the salesperson and the auditor will read it."),
        error_messages={"required": _("Write a comment: it is kept with the decision.")},
    )
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[(APPROVE, APPROVE), (REJECT, REJECT)],
        error_messages={"required": _("Choose whether to release or to reject the order.")},
    )
    seen_decision = forms.IntegerField(label=_("Credit decision shown"), widget=forms.HiddenInput)


class FilterForm(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("Order, customer")}),
    )

    def narrow(self, requests: ApprovalRequestQuerySet) -> ApprovalRequestQuerySet:
        """Only the requests whose order or customer matches the search words."""
        words = self.cleaned_data["q"] if self.is_valid() else ""
        if not words:
            return requests
        return requests.filter(
            Q(order__number__icontains=words)
            | Q(order__external_id__icontains=words)
            | Q(order__customer__code__icontains=words)
            | Q(order__customer__name__icontains=words)
        )
