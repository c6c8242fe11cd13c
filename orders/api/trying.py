"""What a version of a credit policy would say, and what one decision found."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from credit.api.finding import account_with_code
from credit.api.standing import AMOUNT
from credit.days import company_day
from credit.models import CreditAccount, PolicyVersion
from credit.money import CURRENCIES, LARGEST
from orders.api import problems as problems
from orders.api.reading import in_full
from orders.api.serializers import CheckSerializer, DecisionSerializer
from orders.models import Decision, Order
from orders.trial import imagined, try_version
from staff.api.fields import ID
from staff.api.schema import described
from staff.api.views import ApiViewSet


class TrialIn(serializers.Serializer):
    """An order there is, by its id, or a customer with an imagined one."""

    order = serializers.IntegerField(**ID, required=False)
    customer = serializers.CharField(max_length=40, required=False)
    amount = serializers.DecimalField(
        max_digits=18,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=LARGEST,
        required=False,
    )
    currency = serializers.ChoiceField(CURRENCIES, required=False)
    payment_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    paid = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=Decimal(0), max_value=LARGEST, default=Decimal(0)
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError where there is nothing to try."""
        if "order" in attrs:
            return attrs
        if "customer" not in attrs or "amount" not in attrs:
            raise ValidationError(_("Name an order, or a customer and an amount."))
        return attrs


class TrialSerializer(serializers.Serializer):
    """What the version says. `need` and `headroom` are in `currency`, that of the account.

    `waiting` are the gate rules that only a stored order can be asked.
    """

    version = serializers.IntegerField(source="version.pk")
    passes = serializers.SerializerMethodField()
    currency = serializers.CharField(source="need.currency")
    need = serializers.DecimalField(**AMOUNT, source="need.amount")
    headroom = serializers.DecimalField(**AMOUNT, allow_null=True)
    checks = CheckSerializer(many=True, source="lines")
    waiting = serializers.ListField(child=serializers.CharField())
    exemptions = serializers.ListField(child=serializers.CharField())

    def get_passes(self, trial: Any) -> bool:
        """Whether nothing would stop the order."""
        return not trial.blocks


class TrialViewSet(ApiViewSet):
    """Versions of credit policies on trial; nothing is changed."""

    tag = "policies"
    access = {"test": ("credit.view_policy",)}
    without_key = ("test",)

    @described(
        "What a version would say about an order",
        takes=TrialIn,
        gives=TrialSerializer,
        example={"customer": "C00001", "amount": "1200.00"},
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: int) -> Response:
        given, version = self.given(TrialIn), PolicyVersion.objects.get(pk=pk)
        order = self._order(given)
        accounts = CreditAccount.objects.with_limits(company_day(self.at))
        account = accounts.get(customer=order.customer_id)
        trial = try_version(version, account, order, self.at, self.user)
        return Response(self.shown(TrialSerializer, trial))

    def _order(self, given: dict[str, Any]) -> Order:
        if "order" in given:
            return Order.objects.for_user(self.user).get(pk=given["order"])
        account = account_with_code(self.user, given["customer"])
        return imagined(
            account,
            total=given["amount"],
            currency=given.get("currency", account.currency),
            payment_days=given.get("payment_days", account.customer.payment_days),
            paid=given["paid"],
        )


class DecisionViewSet(ApiViewSet):
    """Decisions of the gate."""

    access = {"retrieve": ("orders.view_order",)}

    @described("One decision of the gate, with every check", gives=DecisionSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        seen = Decision.objects.filter(order__in=Order.objects.for_user(self.user))
        decision = seen.select_related("by").get(pk=pk)
        return Response(self.shown(DecisionSerializer, in_full(decision, self.user)))
