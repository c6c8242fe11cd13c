"""What the tester of the matrix is asked."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.matrix.editing.choices import Choices
from approvals.matrix.enums import MatrixState, Purpose
from approvals.matrix.models import MatrixVersion
from approvals.matrix.names import Names
from credit.figures import FigureField
from credit.forms import capitalised
from credit.money import CURRENCIES, LARGEST
from orders.forms.tester import CustomerOrOrderForm
from orders.models import Decision, Order
from staff.models import User

FORCE, DRAFT = "force", "draft"
_STATES = {FORCE: MatrixState.PUBLISHED, DRAFT: MatrixState.DRAFT}


class MatrixTesterForm(CustomerOrOrderForm):
    """A customer with an imagined case, or an order there is; and one or two versions."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("To decide"), required=False, choices=capitalised(Purpose)
    )
    amount = FigureField(
        label=gettext_lazy("Amount of the order, or resulting limit"),
        required=False,
        most=LARGEST,
        help_text=gettext_lazy("For a limit, empty means unlimited."),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency of the order"),
        required=False,
        choices=[
            ("", gettext_lazy("The account's")),
            *((code, code) for code, _name in CURRENCIES),
        ],
    )
    excess = FigureField(
        label=gettext_lazy("Excess over the limit"),
        required=False,
        most=LARGEST,
        help_text=gettext_lazy("In the account's currency. That of a limit follows from today's."),
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons"), required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.ChoiceField(label=gettext_lazy("Version"), required=False)
    other = forms.ChoiceField(label=gettext_lazy("Beside it"), required=False)

    def __init__(self, data: Any, *, user: User, names: Names) -> None:
        super().__init__(data, user=user)
        versions = _version_choices()
        for name, options in (
            ("reasons", Choices(names).reasons),
            ("version", versions),
            ("other", [("", _("Nothing")), *versions]),
        ):
            self.fields[name].choices = options  # type: ignore[attr-defined]

    @property
    def asked(self) -> bool:
        """Whether there is a question to answer."""
        limit = self.data.get("purpose") == Purpose.LIMIT
        imagined = self.data.get("customer") and (limit or self.data.get("amount"))
        return bool(imagined or self.data.get("order"))

    @property
    def is_limit(self) -> bool:
        """Whether a change of a limit is imagined; only for a valid form."""
        values = self.cleaned_data
        return not values["order"] and bool(values["purpose"] == Purpose.LIMIT)

    def clean_order(self) -> Order | None:
        order = super().clean_order()
        if order is not None and self.decision_about(order) is None:
            raise ValidationError(_("This order has not been checked yet. Submit it first."))
        return order

    def decision_about(self, order: Order) -> Decision | None:
        """The latest decision about the order."""
        return order.decisions.order_by("-pk").first()

    def versions(self) -> list[MatrixVersion]:
        """The versions that were chosen; only for a valid form."""
        values = self.cleaned_data
        wanted = [values["version"] or FORCE, values["other"]]
        found = [_version(code) for code in wanted if code]
        return [version for version in found if version is not None]


def _version(code: str) -> MatrixVersion | None:
    if code in _STATES:
        return MatrixVersion.objects.filter(state=_STATES[code]).first()
    return MatrixVersion.objects.get(pk=int(code))


def _version_choices() -> list[tuple[Any, Any]]:
    versions = list(MatrixVersion.objects.only("number", "state"))
    states = [(FORCE, _("In force"))]
    if any(version.state == MatrixState.DRAFT for version in versions):
        states.append((DRAFT, _("Draft")))
    text = _("Version %(number)s (%(state)s)")
    rows = [
        (str(version.pk), text % {"number": version.number, "state": version.get_state_display()})
        for version in versions
    ]
    return [(_("As it stands"), states), (_("Versions"), rows)]
