"""Accounts whose limits are to be reviewed, from a request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import ApprovalRequest
from credit.enums import LimitKind, RiskClass
from credit.groups import rates_for
from credit.limit_forms import base_limit
from credit.limits import Granted
from credit.models import CreditAccount, CreditLimit, Customer, ScoreStanding, Segment
from staff.access import SignedInRequest
from staff.models import User

AHEAD = timedelta(days=30)
_ALL = ("", gettext_lazy("All"))
KEYS = {
    "due": ("review_on", "pk"),
    "soon": ("review_on", "pk"),
    "unset": ("customer__name", "pk"),
    "all": ("customer__name", "pk"),
}


class ReviewFilter(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label=gettext_lazy("Code or name"), required=False, max_length=80)
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    risk_class = forms.ChoiceField(
        label=gettext_lazy("Risk class"), required=False, choices=[_ALL, *RiskClass.choices]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        segments = [(str(segment.pk), segment.name) for segment in Segment.objects.all()]
        self.fields["segment"].choices = [_ALL, *segments]  # type: ignore[attr-defined]

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, accounts: QuerySet[CreditAccount]) -> QuerySet[CreditAccount]:
        """The accounts that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return accounts.none()
        chosen = self.cleaned_data
        if chosen["q"]:
            found = Customer.objects.all().search(chosen["q"])
            accounts = accounts.filter(customer__in=found)
        if chosen["segment"]:
            accounts = accounts.filter(customer__segment=chosen["segment"])
        if chosen["risk_class"]:
            accounts = accounts.filter(customer__risk_class=chosen["risk_class"])
        return accounts


@dataclass(frozen=True)
class Listing:
    """The accounts an address asks for, in their order."""

    code: str
    form: ReviewFilter
    accounts: QuerySet[CreditAccount]
    keys: Sequence[str]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The views of the list."""
        labels = {
            "due": _("Due now"),
            "soon": _("In the next 30 days"),
            "unset": _("No day set"),
            "all": _("All"),
        }
        return [
            {"label": label, "url": f"?view={code}", "current": code == self.code}
            for code, label in labels.items()
        ]


@dataclass(frozen=True)
class Reviewed:
    """An account beside what the scorecard recommends for it, as of a day."""

    account: CreditAccount
    limit: Granted
    base: CreditLimit | None
    standing: ScoreStanding | None
    open_request: int | None

    @property
    def kind_label(self) -> str:
        """What kind of limit the account has, for one that is no amount."""
        return str(LimitKind(self.limit.kind).label)

    @property
    def recommended(self) -> Decimal | None:
        """What is recommended, in the account's currency; None where too little is known."""
        score = self.standing.score if self.standing else None
        known = score is not None and score.currency == self.account.currency
        return score.recommended_limit if score and known else None


def listing(request: SignedInRequest, today: date) -> Listing:
    """The accounts of customers this user may see, by when their limits are to be reviewed."""
    code = request.GET.get("view", "due")
    code = code if code in KEYS else "due"
    form = ReviewFilter(request.GET)
    accounts = form.narrow(accounts_of(request.user, today))
    narrowed: dict[str, dict[str, Any]] = {
        "due": {"review_on__lte": today},
        "soon": {"review_on__gt": today, "review_on__lte": today + AHEAD},
        "unset": {"review_on__isnull": True},
        "all": {},
    }
    return Listing(code, form, accounts.filter(**narrowed[code]), KEYS[code])


def accounts_of(user: User, today: date) -> QuerySet[CreditAccount]:
    """The accounts this user may see, with all that a review shows of them."""
    seen = CreditAccount.objects.filter(customer__in=Customer.objects.for_user(user))
    return seen.with_limits(today).select_related("customer__standing__score")


def reviewed(accounts: Sequence[CreditAccount], today: date) -> list[Reviewed]:
    """The accounts with their figures, in the same number of queries however many there are."""
    rates, waiting = rates_for(accounts, today), _waiting(accounts)
    rows = []
    for account in accounts:
        account.rates = rates
        standing = getattr(account.customer, "standing", None)
        rows.append(
            Reviewed(
                account,
                account.effective_limit,
                base_limit(account),
                standing,
                waiting.get(account.pk),
            )
        )
    return rows


def _waiting(accounts: Iterable[CreditAccount]) -> dict[int, int]:
    """The open request to change the limit of each account that has one."""
    found = ApprovalRequest.objects.open().filter(limit_change__account__in=list(accounts))
    return dict(found.values_list("limit_change__account", "pk"))
