"""Limits that end soon or have ended."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enums import LimitType
from credit.forms import capitalised
from credit.models import CreditAccount, CreditLimit, Customer
from staff.access import SignedInRequest

AHEAD = timedelta(days=30)
KEYS = {"soon": ("valid_until", "pk"), "expired": ("-valid_until", "-pk")}


class ExpiringFilter(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label=gettext_lazy("Code or name"), required=False, max_length=80)
    type = forms.ChoiceField(
        label=gettext_lazy("Type of limit"),
        required=False,
        choices=[("", gettext_lazy("All")), *capitalised(LimitType)],
    )

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, limits: QuerySet[CreditLimit]) -> QuerySet[CreditLimit]:
        """The limits that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return limits.none()
        if self.cleaned_data["type"]:
            limits = limits.filter(type=self.cleaned_data["type"])
        if words := self.cleaned_data["q"]:
            found = Customer.objects.all().search(words)
            limits = limits.filter(account__customer__in=found)
        return limits


@dataclass(frozen=True)
class Listing:
    """The limits an address asks for, in order, with what the page says about them."""

    code: str
    form: ExpiringFilter
    limits: QuerySet[CreditLimit]
    keys: tuple[str, ...]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The views of the list."""
        labels = {"soon": _("In the next 30 days"), "expired": _("Expired")}
        return [
            {"label": label, "url": f"?view={code}", "current": code == self.code}
            for code, label in labels.items()
        ]


def listing(request: SignedInRequest, today: date) -> Listing:
    """The limits of customers this user may see that end within 30 days, or ended by themselves.

    Of expired base limits only those are shown that still stand: no other took over.
    """
    code = request.GET.get("view", "soon")
    code = code if code in KEYS else "soon"
    form = ExpiringFilter(request.GET)
    seen = CreditLimit.objects.filter(
        account__customer__in=Customer.objects.for_user(request.user), ended_at__isnull=True
    )
    standing = CreditLimit.objects.valid_on(today).filter(type=LimitType.BASE).order_by()
    seen = seen.filter(~Q(type=LimitType.BASE) | Q(pk__in=standing.values("pk")))
    ends = (
        {"valid_until__range": (today, today + AHEAD)}
        if code == "soon"
        else {"valid_until__lt": today}
    )
    accounts = Prefetch("account", queryset=CreditAccount.objects.with_limits(today))
    rows = form.narrow(seen.filter(**ends)).select_related("granted_by")
    return Listing(code, form, rows.prefetch_related(accounts), KEYS[code])
