"""How approved orders were paid, by approver, reason and excess."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.calibration.export import case_sheet, report_sheet
from approvals.calibration.figures import count
from approvals.calibration.forms import CasesFilter, PeriodFilter
from approvals.calibration.naming import sees_everybody
from approvals.calibration.report import Report, report
from staff.api.schema import described, exported, parameters_of
from staff.api.views import ApiViewSet, filtered
from staff.days import company_day


class TallySerializer(serializers.Serializer):
    """Orders by how they were paid; `percent` is the share of late, overdue and written off.

    Of too few orders no share is told. `low` and `high` are the ends of its interval, in percent.
    """

    label = serializers.CharField()  # type: ignore[assignment]
    not_due = serializers.IntegerField(source="tally.not_due")
    on_time = serializers.IntegerField(source="tally.on_time")
    late = serializers.IntegerField(source="tally.late")
    overdue = serializers.IntegerField(source="tally.overdue")
    written_off = serializers.IntegerField(source="tally.written_off")
    percent = serializers.FloatField(source="tally.percent", allow_null=True)
    low = serializers.SerializerMethodField()
    high = serializers.SerializerMethodField()
    mean_days_late = serializers.FloatField(source="tally.mean_late", allow_null=True)
    comparison = serializers.CharField(help_text="Beside the orders that needed no approval.")

    def get_low(self, line: Any) -> float | None:
        """The lower end of the interval."""
        return line.ends[0] if line.ends else None

    def get_high(self, line: Any) -> float | None:
        """The upper end of the interval."""
        return line.ends[1] if line.ends else None


@extend_schema_serializer(many=False)
class CalibrationSerializer(serializers.Serializer):
    """`whole` are the approved orders, then those that needed no approval."""

    whole = TallySerializer(many=True)
    approvers = TallySerializer(many=True)
    reasons = TallySerializer(many=True)
    bands = TallySerializer(many=True)


class ApiPeriodFilter(PeriodFilter):
    """The filters of the page; segments by their id."""

    segment = forms.IntegerField(label=gettext_lazy("Segment"), required=False, min_value=1)  # type: ignore[assignment]

    def __init__(self, data: Any, *, user: Any, day: Any) -> None:
        # Without the list of segments, which only a menu needs.
        forms.Form.__init__(self, data)
        self.user, self.day = user, day


class CalibrationViewSet(ApiViewSet):
    """Approvals in hindsight."""

    tag = "approvals"
    SEE = ("approvals.view_calibration", "approvals.decide")
    access = {"list": SEE, "export": SEE, "export_orders": SEE}

    @described(
        "How approved orders were paid; of other approvers for those who may see that",
        gives=CalibrationSerializer,
        parameters=parameters_of(ApiPeriodFilter),
    )
    def list(self, request: Request) -> Response:
        return Response(self.shown(CalibrationSerializer, self._report()))

    @exported("How approved orders were paid", filters=ApiPeriodFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        return self.sent(report_sheet(self._report()))

    @exported("The orders behind the figures, the latest first", filters=CasesFilter)
    @action(detail=False, url_path="orders/export")
    def export_orders(self, request: Request) -> Any:
        form = CasesFilter(request.GET, user=self.user, day=company_day(self.at))
        filtered(form)
        return self.sent(case_sheet(form.narrowed(), ("-pk",)))

    def _report(self) -> Report:
        day = company_day(self.at)
        form = ApiPeriodFilter(self.request.GET, user=self.user, day=day)
        filtered(form)
        only = None if sees_everybody(self.user) else self.user.pk
        figures = count(form.released(), day=day, least=form.least_days, only_approver=only)
        return report(figures, form.query, self.user)
