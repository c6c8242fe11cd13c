"""Limits by when they are to be reviewed, and reviewing many of them together."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api import problems as problems
from approvals.reviewing.forms import CHANGE, KEEP
from approvals.reviewing.listing import KEYS, Reviewed, ReviewFilter, accounts_of, listing, reviewed
from approvals.reviewing.many import AT_ONCE, carry_out
from credit.api.inputs import SOME
from credit.api.parties import PartySerializer
from credit.api.standing import AMOUNT, LimitSerializer
from credit.days import company_day
from staff.api.fields import ID, DayField
from staff.api.inputs import ReasonIn
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered

EXAMPLE = {
    "reason": "Figures of the year 2025.",
    "review_on": "2027-03-01",
    "reviews": [{"account": 7, "outcome": "change", "amount": "250000.00", "seen": 12}],
}


class ReviewSerializer(serializers.Serializer):
    """A limit to be reviewed; amounts are in `currency`.

    `seen` is the base limit, which a review names; `recommended` is what the scorecard says, null
    where too little is known; `open_request` is the request that waits already.
    """

    account = serializers.IntegerField(source="account.pk")
    customer = PartySerializer(source="account.customer")
    currency = serializers.CharField(source="account.currency")
    review_on = serializers.DateField(source="account.review_on", allow_null=True)
    limit = LimitSerializer()
    used = serializers.DecimalField(**AMOUNT, source="account.used")
    seen = serializers.IntegerField(source="base.pk", default=None, allow_null=True)
    recommended = serializers.DecimalField(**AMOUNT, allow_null=True)
    open_request = serializers.IntegerField(allow_null=True)


class ApiReviewFilter(ReviewFilter):
    """The filters of the page, and which view of it is wanted."""

    view = forms.ChoiceField(
        label=gettext_lazy("View"), required=False, choices=[("", ""), *((c, c) for c in KEYS)]
    )


class OneReviewIn(serializers.Serializer):
    """What becomes of the limit of one account: kept, or changed to an amount."""

    account = serializers.IntegerField(**ID)
    outcome = serializers.ChoiceField([KEEP, CHANGE], default=KEEP)
    amount = serializers.DecimalField(**SOME, required=False)
    seen = serializers.IntegerField(**ID, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError for a change to nothing."""
        if attrs["outcome"] == CHANGE and "amount" not in attrs:
            message = self.fields["amount"].error_messages["required"]
            raise serializers.ValidationError({"amount": [message]})
        return attrs


class ReviewsIn(ReasonIn):
    """What the reviews rest on, when the next ones are due, and what becomes of each limit."""

    review_on = DayField()
    reviews = serializers.ListField(child=OneReviewIn(), min_length=1, max_length=AT_ONCE)


class ReviewResultSerializer(serializers.Serializer):
    """What became of one: `request` is the change that was requested, `problem` why nothing was."""

    account = serializers.IntegerField(source="row.account.pk")
    request = serializers.IntegerField(source="request.pk", default=None, allow_null=True)
    problem = serializers.CharField(allow_blank=True)


class ReviewResultsSerializer(serializers.Serializer):
    """The results by account; one that the caller may not see is not among them."""

    results = ReviewResultSerializer(many=True)


@dataclass(frozen=True)
class _Pick:
    """What is wanted of one account, as the page's form says it."""

    row: Reviewed
    cleaned_data: dict[str, Any]


class ReviewViewSet(ApiViewSet):
    """Reviews of limits."""

    tag = "credit"
    access = {"list": ("credit.view_creditlimit",), "create": ("credit.change_limit",)}

    @described(
        "Limits by when they are to be reviewed",
        gives=pages(ReviewSerializer),
        filters=ApiReviewFilter,
    )
    def list(self, request: Request) -> Response:
        today = company_day(self.at)
        filtered(ApiReviewFilter(request.GET))
        found = listing(self.page_request, today)
        shown = partial(reviewed, today=today)
        return self.listed(found.accounts, ReviewSerializer, found.keys, shown)

    @described(
        "Confirm limits or request their changes, each by itself",
        takes=ReviewsIn,
        gives=ReviewResultsSerializer,
        example=EXAMPLE,
    )
    def create(self, request: Request) -> Response:
        given = self.given(ReviewsIn)
        wanted = {one["account"]: one for one in given.pop("reviews")}
        done = carry_out(self._picks(wanted), by=self.user, at=self.at, **given)
        return Response(self.shown(ReviewResultsSerializer, {"results": done}))

    def _picks(self, wanted: dict[int, dict[str, Any]]) -> Any:
        today = company_day(self.at)
        accounts = accounts_of(self.user, today).filter(pk__in=wanted).order_by("pk")
        return [_Pick(row, wanted[row.account.pk]) for row in reviewed(list(accounts), today)]
