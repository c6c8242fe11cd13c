"""Changes of limits, as they are asked for."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from approvals import lifecycle
from approvals.api.inputs import LimitRequestIn
from approvals.api.parts import RequestSerializer
from approvals.api.serializers import AMOUNT
from approvals.api.views import RequestViews
from approvals.limit_figures import exceeds, look_at
from credit.api.finding import account_with_code
from credit.api.inputs import limit_of
from credit.days import company_day
from credit.limit_input import check_limit
from staff.api.schema import described

ASK = ("approvals.request_limit_change",)
EXAMPLE = {
    "customer": "C00001",
    "amount": "250000.00",
    "justification": "Two more shops since March.",
}


class ComesToSerializer(serializers.Serializer):
    """What the account may use on the first day, without and with the limit; null: no such amount.

    What is no `raise` needs no approval: whoever may change limits grants it at once.
    """

    currency = serializers.CharField()
    before = serializers.DecimalField(**AMOUNT, allow_null=True)
    resulting = serializers.DecimalField(**AMOUNT, allow_null=True)
    used = serializers.DecimalField(**AMOUNT)

    def get_fields(self) -> Any:
        """The fields; one of them has a name that Python keeps for itself."""
        return super().get_fields() | {"raise": serializers.BooleanField()}


class LimitRequestViewSet(RequestViews):
    """Asking for limits; the requests are among all the others."""

    access = {"create": ASK, "preview": ASK}
    without_key = ("preview",)

    @described(
        "Ask for a change of a limit",
        takes=LimitRequestIn,
        gives=RequestSerializer,
        status=201,
        example=EXAMPLE,
    )
    def create(self, request: Request) -> Response:
        given = self.given(LimitRequestIn)
        account = account_with_code(self.user, given["customer"])
        made = lifecycle.request_limit(
            account_id=account.pk,
            limit=limit_of(given),
            justification=given["justification"],
            by=self.user,
            at=self.at,
        )
        return self.told(made.pk, 201)

    @described(
        "What a change of a limit would come to",
        takes=LimitRequestIn,
        gives=ComesToSerializer,
        example=EXAMPLE,
    )
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        given = self.given(LimitRequestIn)
        account = account_with_code(self.user, given["customer"])
        limit = limit_of(given)
        check_limit(account, limit, company_day(self.at))
        looked = look_at(account.pk, limit, self.at)
        found = {
            "currency": account.currency,
            "before": looked.before,
            "resulting": looked.resulting,
            "used": looked.account.used,
            "raise": exceeds(looked.resulting, looked.before),
        }
        return Response(self.shown(ComesToSerializer, found))
