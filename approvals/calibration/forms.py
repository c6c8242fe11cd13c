"""What the figures, and the orders behind one of them, are narrowed to."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import IntegerField, OuterRef, Subquery, Value
from django.db.models.expressions import Exists
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.calibration.cases import outcomes, released_orders, standing_approvals
from approvals.calibration.enums import Band, Basis, Chosen
from approvals.calibration.naming import approvers, reasons
from approvals.enums import AnswerKind
from approvals.models import Answer
from credit.enums import Verdict
from credit.forms import capitalised
from credit.models import Segment
from orders.querysets import OrderQuerySet
from staff.models import User

MOST_DAYS = 3650
_ALL = ("", gettext_lazy("All"))


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


class PeriodFilter(forms.Form):
    """Which orders are looked at, and from how many days past due on one is late."""

    since = _day(gettext_lazy("Released from"))
    until = _day(gettext_lazy("Released until"))
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    least = forms.IntegerField(
        label=gettext_lazy("Late from days past due"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"placeholder": "1"}),
    )

    def __init__(self, data: Any, *, user: User, day: date) -> None:
        super().__init__(data)
        self.user, self.day = user, day
        segments = [(str(segment.pk), segment.name) for segment in Segment.objects.all()]
        self.fields["segment"].choices = [_ALL, *segments]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("Nothing lies between these two; exchange them."))
        return cleaned

    @property
    def least_days(self) -> int:
        """From how many days past its due date on an invoice counts as late."""
        return self.cleaned_data.get("least") or 1

    def released(self) -> OrderQuerySet:
        """The released orders that pass the filters; none when one was not understood."""
        if not self.is_valid():
            return released_orders(self.user, since=None, until=None, segment_id=None).none()
        chosen = self.cleaned_data
        segment = int(chosen["segment"]) if chosen["segment"] else None
        return released_orders(
            self.user, since=chosen["since"], until=chosen["until"], segment_id=segment
        )

    @property
    def query(self) -> dict[str, str]:
        """The filters in force, for addresses of the orders behind a figure."""
        names = PeriodFilter.base_fields
        return {name: self.data[name] for name in names if self.data.get(name)}


class CasesFilter(PeriodFilter):
    """The orders behind one figure. Only approvers whose figures `user` may see can be chosen."""

    basis = forms.ChoiceField(
        label=gettext_lazy("Released"), required=False, choices=[_ALL, *capitalised(Basis)]
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Payment"), required=False, choices=[_ALL, *capitalised(Chosen)]
    )
    approver = forms.ChoiceField(label=gettext_lazy("Approver"), required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    band = forms.ChoiceField(
        label=gettext_lazy("Over the limit"), required=False, choices=[_ALL, *capitalised(Band)]
    )

    folded = ("since", "until", "segment", "least", "reason", "band")

    def __init__(self, data: Any, *, user: User, day: date) -> None:
        super().__init__(data, user=user, day=day)
        people = [(str(person.pk), person.display_name) for person in approvers(user)]
        self.fields["approver"].choices = [_ALL, *people]  # type: ignore[attr-defined]
        named = reasons(data.get("reason", ""))
        self.fields["reason"].choices = [_ALL, *named]  # type: ignore[attr-defined]

    def more_fields(self) -> list[Any]:
        """The filters behind 'More filters'."""
        return [self[name] for name in self.folded]

    def narrowed(self) -> OrderQuerySet:
        """The released orders that pass every filter, each with its `outcome` and `late`."""
        orders = self.released()
        if not self.is_valid():
            return orders
        found = outcomes(self.day, self.least_days).filter(order_id=OuterRef("pk"))
        rank = Coalesce(Subquery(found.values("outcome")), Value(0), output_field=IntegerField())
        orders = orders.annotate(outcome=rank, late=Subquery(found.values("late")))
        chosen = self.cleaned_data
        if chosen["outcome"]:
            orders = orders.filter(outcome__in=Chosen(chosen["outcome"]).outcomes)
        return self._by_approval(orders)

    def _by_approval(self, orders: OrderQuerySet) -> OrderQuerySet:
        chosen = self.cleaned_data
        approvals = standing_approvals().filter(order=OuterRef("pk"))
        if chosen["basis"] == Basis.PASSED:
            orders = orders.filter(~Exists(approvals))
        if chosen["approver"]:
            said = Answer.objects.filter(
                request=OuterRef("pk"), round=OuterRef("round"), by=chosen["approver"],
                kind=AnswerKind.APPROVE,
            )  # fmt: skip
            approvals = approvals.filter(Exists(said))
        if chosen["reason"]:
            blocked = [{"code": chosen["reason"], "verdict": Verdict.BLOCKED.value}]
            approvals = approvals.filter(decision__checks__contains=blocked)
        if chosen["band"]:
            approvals = approvals.filter(band=chosen["band"])
        of_approved = chosen["basis"] == Basis.APPROVED
        if of_approved or chosen["approver"] or chosen["reason"] or chosen["band"]:
            return orders.filter(Exists(approvals))
        return orders
