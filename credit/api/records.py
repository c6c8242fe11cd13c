"""Promises to pay, exchange rates, and comparisons of the balances with the ledger."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from credit import lifecycle
from credit.api.finding import account_with_code
from credit.api.inputs import SOME
from credit.api.parties import PartySerializer
from credit.api.standing import AMOUNT
from credit.days import company_day
from credit.due_promises import VIEWS, PromiseFilter
from credit.export import promise_sheet
from credit.lifecycle.rates import RateInput, enter_rates
from credit.models import ExchangeRate, Promise, ReconciliationRun
from credit.money import CURRENCIES
from credit.reconciling import read
from staff.api.fields import DayField
from staff.api.people import WhoSerializer
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered
from staff.api.whole import Whole


class ApiPromiseFilter(PromiseFilter):
    """The filters of the list of promises, with its tabs as `view`."""

    view = forms.ChoiceField(
        label=gettext_lazy("View"),
        required=False,
        choices=[("", ""), *((code, view.label) for code, view in VIEWS.items())],
    )
    customer = forms.IntegerField(label=gettext_lazy("Customer"), required=False, min_value=1)


class PromiseSerializer(serializers.ModelSerializer):
    """An amount that a customer promised to pay by a day; `received` is known once settled."""

    customer = PartySerializer(source="account.customer")
    currency = serializers.CharField(source="account.currency")
    order = serializers.IntegerField(source="order_id", allow_null=True)
    made_by = WhoSerializer()

    class Meta:
        model = Promise
        fields = (
            "id",
            "customer",
            "currency",
            "order",
            "amount",
            "received",
            "due_on",
            "note",
            "state",
            "made_at",
            "made_by",
            "settled_at",
        )


class PromiseIn(serializers.Serializer):
    """What the customer promised."""

    customer = serializers.CharField(max_length=40, help_text="The code of the customer.")
    amount = serializers.DecimalField(**SOME)
    due_on = DayField()
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")


class PromiseViewSet(ApiViewSet):
    """Promises to pay."""

    SEE = ("credit.view_promise", "credit.record_promise")
    access = {
        "list": SEE,
        "export": SEE,
        "retrieve": SEE,
        "create": ("credit.record_promise",),
    }

    @described("Find promises to pay", gives=pages(PromiseSerializer), filters=ApiPromiseFilter)
    def list(self, request: Request) -> Response:
        found, keys = self._found()
        return self.listed(found, PromiseSerializer, keys)

    @exported("Promises to pay", filters=ApiPromiseFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        found, keys = self._found()
        return self.sent(promise_sheet(found, keys, today=company_day(self.at)))

    @described("One promise", gives=PromiseSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(self.shown(PromiseSerializer, self._promises().get(pk=pk)))

    @described(
        "Record what a customer promised", takes=PromiseIn, gives=PromiseSerializer, status=201
    )
    def create(self, request: Request) -> Response:
        given = self.given(PromiseIn)
        account = account_with_code(self.user, given.pop("customer"))
        made = lifecycle.record_promise(account_id=account.pk, by=self.user, at=self.at, **given)
        return Response(self.shown(PromiseSerializer, self._promises().get(pk=made.pk)), 201)

    def _found(self) -> tuple[Any, tuple[str, ...]]:
        """The promises that the address asks for, and what they are sorted by."""
        form = ApiPromiseFilter(self.request.GET)
        chosen = filtered(form)
        view = VIEWS[chosen["view"] or "all"]
        found: Any = form.narrow(view.narrow(self._promises(), company_day(self.at)))
        if chosen["customer"]:
            found = found.filter(account__customer=chosen["customer"])
        return found, view.keys

    def _promises(self) -> Any:
        return Promise.objects.for_user(self.user).select_related("account__customer", "made_by")


class RateSerializer(serializers.ModelSerializer):
    """How much of `target` one unit of `source` is worth, from a day on."""

    class Meta:
        model = ExchangeRate
        fields = ("id", "source", "target", "rate", "valid_on", "origin")


class RateIn(serializers.Serializer):
    """A rate; it takes the place of one for the same pair and day."""

    source = serializers.ChoiceField(CURRENCIES)  # type: ignore[assignment]
    target = serializers.ChoiceField(CURRENCIES)
    rate = serializers.DecimalField(
        max_digits=18, decimal_places=8, min_value=Decimal("0.00000001")
    )
    valid_on = DayField()
    origin = serializers.CharField(max_length=120, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError for a currency against itself."""
        if attrs["source"] == attrs["target"]:
            text = ExchangeRate._meta.constraints[-1].violation_error_message
            raise serializers.ValidationError({"target": [str(text)]})
        return attrs


class RatesIn(serializers.Serializer):
    """Rates of some days and pairs."""

    rates = serializers.ListField(child=RateIn(), min_length=1, max_length=1000)

    def validate_rates(self, rates: list[dict[str, Any]]) -> list[RateInput]:
        """The rates as the verb takes them; of a pair that is named twice, the last counts."""
        found = {(one["source"], one["target"], one["valid_on"]): one for one in rates}
        return [RateInput(**one) for one in found.values()]


class EnteredSerializer(serializers.Serializer):
    """How many rates were entered."""

    entered = serializers.IntegerField()


class RateFilter(forms.Form):
    """Which rates are wanted."""

    source = forms.ChoiceField(
        label=gettext_lazy("One unit of"), required=False, choices=[("", ""), *CURRENCIES]
    )
    target = forms.ChoiceField(
        label=gettext_lazy("Is worth, in"), required=False, choices=[("", ""), *CURRENCIES]
    )


class RateViewSet(ApiViewSet):
    """Exchange rates."""

    access = {
        "list": ("credit.view_exchangerate",),
        "create": ("credit.add_exchangerate",),
    }

    @described("Find rates, the latest first", gives=pages(RateSerializer), filters=RateFilter)
    def list(self, request: Request) -> Response:
        chosen = filtered(RateFilter(request.GET))
        found = ExchangeRate.objects.filter(**{name: code for name, code in chosen.items() if code})
        return self.listed(found, RateSerializer, ("-valid_on", "source", "target"))

    @described(
        "Enter rates",
        takes=RatesIn,
        gives=EnteredSerializer,
        status=201,
        example={
            "rates": [
                {"source": "USD", "target": "CNY", "rate": "7.1034", "valid_on": "2026-03-02"}
            ]
        },
    )
    def create(self, request: Request) -> Response:
        given = self.given(RatesIn)
        entered = enter_rates(by=self.user, at=self.at, **given)
        return Response(self.shown(EnteredSerializer, {"entered": entered}), 201)


class DifferenceSerializer(serializers.Serializer):
    """One amount that is not what entries and documents say."""

    what = serializers.CharField(source="label")
    part = serializers.CharField(source="part_label")
    customer = serializers.CharField()
    customer_id = serializers.IntegerField()
    currency = serializers.CharField()
    expected = serializers.DecimalField(**AMOUNT)
    found = serializers.DecimalField(**AMOUNT)


class RunSerializer(serializers.ModelSerializer):
    """One comparison of all balances with the ledger; `found` counts the differences."""

    by = WhoSerializer(allow_null=True)

    class Meta:
        model = ReconciliationRun
        fields: tuple[str, ...] = ("id", "at", "by", "accounts", "entries", "found", "milliseconds")


class WholeRunSerializer(RunSerializer):
    """One comparison with the first of its differences."""

    differences = DifferenceSerializer(many=True)

    class Meta(RunSerializer.Meta):
        fields = (*RunSerializer.Meta.fields, "differences")


class ReconciliationViewSet(ApiViewSet):
    """Comparisons of the balances with the ledger."""

    SEE = ("credit.view_reconciliationrun",)
    access = {"list": SEE, "retrieve": SEE, "create": ("credit.reconcile",)}

    @described("Comparisons, the latest first", gives=pages(RunSerializer))
    def list(self, request: Request) -> Response:
        runs = ReconciliationRun.objects.select_related("by").defer("differences")
        return self.listed(runs, RunSerializer, ("-at", "-pk"))

    @described("One comparison with what it found", gives=WholeRunSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described("Compare everything now", gives=WholeRunSerializer, status=201)
    def create(self, request: Request) -> Response:
        return self._told(lifecycle.reconcile(by=self.user, at=self.at).pk, 201)

    def _told(self, pk: int, status: int = 200) -> Response:
        run = ReconciliationRun.objects.select_related("by").get(pk=pk)
        told = Whole(run, differences=[read(row) for row in run.differences])
        return Response(self.shown(WholeRunSerializer, told), status)
