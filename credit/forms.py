from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enums import CustomerStatus
from credit.models import CreditAccount, Customer, Segment
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
    group = forms.CharField(
        label=gettext_lazy("Group (customer code)"), required=False, max_length=40
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user
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

    def clean_group(self) -> CreditAccount | None:
        code = self.cleaned_data["group"]
        if not code:
            return None
        seen = Customer.objects.for_user(self.user).filter(code__iexact=code)
        account = CreditAccount.objects.filter(customer__in=seen).first()
        if account is None:
            raise ValidationError(_("There is no customer with this code and a credit account."))
        return account

    def narrow(self, customers: CustomerQuerySet) -> CustomerQuerySet:
        """The customers that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return customers.none()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        words = chosen.pop("q", "")
        if top := chosen.pop("group", None):
            members = Q(account=top) | Q(account__ancestors__contains=[top.pk])
            customers = customers.filter(members)
        customers = customers.filter(**chosen)
        return customers.search(words) if words else customers
