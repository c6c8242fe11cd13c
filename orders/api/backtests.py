"""Backtests of credit policies: asked for, followed, read."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from credit.api.parties import PartySerializer
from credit.models import PolicyVersion
from orders.api import problems as problems
from orders.api.serializers import CheckSerializer
from orders.backtest import lifecycle
from orders.backtest.enums import BacktestState, Basis, Ending
from orders.backtest.export import finding_sheet
from orders.models import BacktestFinding, BacktestRun
from orders.reasons import line
from orders.tasks import carry_out_backtest
from staff.api.fields import ID, DayField
from staff.api.people import WhoSerializer
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered

SEE = ("credit.view_policy",)
RUN = ("orders.run_backtest",)


class BacktestSummarySerializer(serializers.ModelSerializer):
    """A run in a list; `version` and `compared` are ids of versions of policies."""

    version = serializers.IntegerField(source="version_id", allow_null=True)
    compared = serializers.IntegerField(source="compared_id", allow_null=True)
    state = serializers.ChoiceField(BacktestState.choices)
    created_by = WhoSerializer(allow_null=True)

    class Meta:
        model = BacktestRun
        fields: tuple[str, ...] = (
            "id",
            "version",
            "name",
            "compared",
            "compared_name",
            "since",
            "until",
            "basis",
            "state",
            "created_by",
            "created_at",
            "ended_at",
            "done",
            "total",
            "error",
        )


@extend_schema_field(OpenApiTypes.OBJECT)
class SummaryField(serializers.JSONField):
    """The tallies of a run, empty until it is done."""


class BacktestSerializer(BacktestSummarySerializer):
    """One run. `summary` tallies what each version would have held, and what came of it."""

    summary = SummaryField()

    class Meta(BacktestSummarySerializer.Meta):
        fields = (*BacktestSummarySerializer.Meta.fields, "summary")


class FindingSerializer(serializers.ModelSerializer):
    """A case that a version would have held: an order, or an invoice that belongs to none."""

    order = serializers.IntegerField(source="order_id", allow_null=True)
    invoice = serializers.IntegerField(source="invoice_id", allow_null=True)
    customer = PartySerializer()
    reasons = CheckSerializer(many=True, source="lines")

    class Meta:
        model = BacktestFinding
        fields = (
            "id",
            "order",
            "invoice",
            "number",
            "customer",
            "at",
            "amount",
            "currency",
            "held",
            "compared_held",
            "excess",
            "credit_currency",
            "reasons",
            "ending",
            "days_late",
        )


class BacktestIn(serializers.Serializer):
    """Which version, beside which other, over which of the company's days."""

    version = serializers.IntegerField(**ID)
    compared = serializers.IntegerField(**ID, allow_null=True, default=None)
    since = DayField()
    until = DayField()
    basis = serializers.ChoiceField(Basis.choices, default=Basis.ORDERS.value)

    def validate_version(self, version: int) -> int:
        """Refuses a version that does not exist."""
        if not PolicyVersion.objects.filter(pk=version).exists():
            raise ValidationError(_("There is no such version."))
        return version

    def validate_compared(self, version: int | None) -> int | None:
        """Refuses another version that does not exist."""
        return None if version is None else self.validate_version(version)


class ApiFindingFilter(forms.Form):
    """Which findings are wanted."""

    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=80)
    ending = forms.ChoiceField(
        label=gettext_lazy("What came of it"), required=False, choices=[("", ""), *Ending.choices]
    )

    def narrow(self, findings: Any) -> Any:
        """The findings that pass every filter; only for a valid form."""
        chosen = self.cleaned_data
        if chosen["reason"]:
            findings = findings.filter(codes__contains=[chosen["reason"]])
        return findings.filter(ending=chosen["ending"]) if chosen["ending"] else findings


class BacktestViewSet(ApiViewSet):
    """Backtests of credit policies."""

    access = {
        "list": SEE,
        "retrieve": SEE,
        "create": RUN,
        "cancel": RUN,
        "findings": SEE,
        "export_findings": SEE,
    }

    @described("Backtests, the latest first", gives=pages(BacktestSummarySerializer))
    def list(self, request: Request) -> Response:
        runs = self._runs().defer("content", "compared_content", "summary")
        return self.listed(runs, BacktestSummarySerializer, ("-pk",))

    @described("One backtest, as far as it is", gives=BacktestSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described(
        "Have a worker try a version on past orders",
        takes=BacktestIn,
        gives=BacktestSerializer,
        status=202,
        example={"version": 3, "since": "2026-01-01", "until": "2026-02-28"},
    )
    def create(self, request: Request) -> Response:
        given = self.given(BacktestIn)
        run = lifecycle.start(
            version_id=given.pop("version"),
            compared_id=given.pop("compared"),
            by=self.user,
            at=self.at,
            hand_over=carry_out_backtest.delay,
            **given,
        )
        return self._told(run.pk, 202)

    @described("Stop a backtest of one's own", gives=BacktestSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        lifecycle.cancel(run_id=pk, by=self.user, at=self.at)
        return self._told(pk)

    @described(
        "What the backtest would have held",
        gives=pages(FindingSerializer),
        filters=ApiFindingFilter,
    )
    @action(detail=True)
    def findings(self, request: Request, pk: int) -> Response:
        run = BacktestRun.objects.get(pk=pk)
        return self.listed(self._found(run), FindingSerializer, ("-pk",), self._dressed)

    @exported("What the backtest would have held", filters=ApiFindingFilter)
    @action(detail=True, url_path="findings/export")
    def export_findings(self, request: Request, pk: int) -> Any:
        run = BacktestRun.objects.get(pk=pk)
        return self.sent(finding_sheet(run, self._found(run), user=self.user))

    def _found(self, run: BacktestRun) -> Any:
        form = ApiFindingFilter(self.request.GET)
        filtered(form)
        seen = BacktestFinding.objects.for_user(self.user).filter(run=run)
        return form.narrow(seen).select_related("customer")

    def _dressed(self, rows: Any) -> Any:
        for finding in rows:
            finding.lines = [line(check, self.user) for check in finding.reasons]
        return rows

    def _runs(self) -> Any:
        return BacktestRun.objects.select_related("created_by")

    def _told(self, pk: int, status: int = 200) -> Response:
        return Response(self.shown(BacktestSerializer, self._runs().get(pk=pk)), status)
