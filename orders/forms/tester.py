"""What the policy tester is asked, and what the list of shadow results is narrowed to."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.days import company_day
from credit.enums import VersionState
from credit.figures import FigureField
from credit.governing import candidates
from credit.models import CreditAccount, Customer, Policy, PolicyVersion
from credit.money import CURRENCIES, LARGEST, ZERO
from orders.forms.filters import day_field
from orders.models import Order
from staff.models import User

FORCE, SHADOW, DRAFT = "force", "shadow", "draft"
_STATES = {
    FORCE: VersionState.PUBLISHED,
    SHADOW: VersionState.SHADOW,
    DRAFT: VersionState.DRAFT,
}
_WHOLE = {"inputmode": "numeric", "class": "num-input"}


def version_choices() -> list[tuple[Any, Any]]:
    """The versions that can be tried: those of the policy that governs, or a certain one."""
    governing = [
        (FORCE, _("In force")),
        (SHADOW, _("In the shadow")),
        (DRAFT, _("Draft")),
    ]
    named: list[tuple[Any, Any]] = [(_("Of the policy that governs the customer"), governing)]
    for policy in Policy.objects.prefetch_related("versions"):
        rows = [(str(each.pk), _titled(each)) for each in policy.versions.all()]
        if rows:
            named.append((policy.name, rows))
    return named


def _titled(version: PolicyVersion) -> str:
    words = {"number": version.number, "state": version.get_state_display()}
    return _("Version %(number)s (%(state)s)") % words


class CustomerOrOrderForm(forms.Form):
    """A customer with something imagined, or an order there is; only those the user may see."""

    customer = forms.CharField(
        label=gettext_lazy("Customer"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Code or name."),
        widget=forms.TextInput(attrs={"list": "tester-customers", "autocomplete": "off"}),
    )
    order = forms.CharField(
        label=gettext_lazy("Or an order there is"), required=False, max_length=40
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_customer(self) -> Customer | None:
        words = self.cleaned_data["customer"].strip()
        if not words or self.data.get("order"):
            return None
        seen = Customer.objects.for_user(self.user)
        found = seen.filter(code__iexact=words).first()
        several = [found] if found else list(seen.search(words)[:6])
        if not several:
            raise ValidationError(_("No customer matches. Try a part of the code or of the name."))
        if len(several) > 1:
            names = "; ".join(f"{each.code} {each.name}" for each in several[:5])
            raise ValidationError(_("Several customers match: %(names)s") % {"names": names})
        return several[0]

    def clean_order(self) -> Order | None:
        number = self.cleaned_data["order"].strip()
        if not number:
            return None
        seen = Order.objects.for_user(self.user).select_related("customer")
        found = seen.filter(number__iexact=number).first()
        if found is None:
            raise ValidationError(_("There is no order with this number."))
        return found

    def account(self, at: Any) -> CreditAccount | None:
        """The account of the customer or of the order; None where the customer has none."""
        order = self.cleaned_data["order"]
        customer = order.customer_id if order else self.cleaned_data["customer"].pk
        accounts = CreditAccount.objects.with_limits(company_day(at))
        return accounts.select_related("customer").filter(customer=customer).first()


class TesterForm(CustomerOrOrderForm):
    """A customer with an imagined amount, or an order there is; and one or two versions."""

    amount = FigureField(label=gettext_lazy("Amount with tax"), required=False, most=LARGEST)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        required=False,
        choices=[
            ("", gettext_lazy("The account's")),
            *((code, code) for code, _name in CURRENCIES),
        ],
    )
    days = forms.IntegerField(
        label=gettext_lazy("Payment terms in days"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=gettext_lazy("Empty: the customer's own; 0 means due at once."),
        widget=forms.TextInput(attrs=_WHOLE),
    )
    paid = FigureField(label=gettext_lazy("Paid in advance"), required=False, most=LARGEST)
    version = forms.ChoiceField(label=gettext_lazy("Version"), required=False)
    other = forms.ChoiceField(label=gettext_lazy("Beside it"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        self.fields["order"].help_text = _("Its number; then gate rules are asked too.")
        choices = version_choices()
        self.fields["version"].choices = choices  # type: ignore[attr-defined]
        self.fields["other"].choices = [("", _("Nothing")), *choices]  # type: ignore[attr-defined]

    @property
    def asked(self) -> bool:
        """Whether there is a question to answer."""
        return bool(self.data.get("customer") and self.data.get("amount")) or bool(
            self.data.get("order")
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        paid, amount = cleaned.get("paid") or ZERO, cleaned.get("amount")
        if amount is not None and paid > amount:
            self.add_error("paid", _("That is more than the order comes to."))
        if not self.errors:
            cleaned["versions"] = self._versions()
        return cleaned

    def _versions(self) -> list[PolicyVersion]:
        order, customer = self.cleaned_data["order"], self.cleaned_data["customer"]
        asked = order.customer if order else customer
        if asked is None:
            return []
        wanted = [("version", self.cleaned_data["version"] or FORCE)]
        if self.cleaned_data["other"]:
            wanted.append(("other", self.cleaned_data["other"]))
        found = [(name, self._version(name, code, asked)) for name, code in wanted]
        return [version for _name, version in found if version is not None]

    def _version(self, name: str, code: str, customer: Customer) -> PolicyVersion | None:
        versions = PolicyVersion.objects.select_related("policy")
        if code not in _STATES:
            return versions.get(pk=int(code))
        policy = next(each.policy for each in candidates(customer) if each.governs)
        found = versions.filter(policy=policy, state=_STATES[code]).first()
        if found is None:
            text = _("The policy that governs this customer, %(policy)s, has no such version.")
            self.add_error(name, text % {"policy": policy})
        return found


class ShadowFilter(forms.Form):
    """Filters of the shadow results."""

    version = forms.ChoiceField(label=gettext_lazy("Version"), required=False)
    difference = forms.ChoiceField(
        label=gettext_lazy("Difference"),
        required=False,
        choices=[
            ("", gettext_lazy("Verdict or reasons differ")),
            ("outcome", gettext_lazy("The verdict differs")),
            ("more", gettext_lazy("The shadow would block")),
            ("fewer", gettext_lazy("The shadow would let pass")),
            ("reasons", gettext_lazy("Only the reasons differ")),
            ("same", gettext_lazy("No difference")),
        ],
    )
    customer = forms.CharField(label=gettext_lazy("Customer code"), required=False, max_length=40)
    since = day_field(gettext_lazy("From day"))
    until = day_field(gettext_lazy("Until"))

    def __init__(self, data: Any, *, versions: list[PolicyVersion]) -> None:
        super().__init__(data)
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), f"{each.policy} · {capfirst(_titled(each))}") for each in versions
        ]
