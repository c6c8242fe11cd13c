"""Scores beside the limits that they recommend."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from credit.api.parties import PartySerializer
from credit.api.standing import AMOUNT
from credit.enums import RiskClass
from credit.models import Customer, ScoreStanding
from credit.scoring.export import standing_sheet
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered

SEE = ("credit.view_creditaccount",)


class StandingSerializer(serializers.ModelSerializer):
    """A customer's latest score; `deviation` of the limit from the recommended one, in percent."""

    customer = PartySerializer()
    at = serializers.DateTimeField(source="score.at")
    points = serializers.DecimalField(max_digits=5, decimal_places=2, source="score.points")
    risk_class = serializers.CharField(source="score.risk_class")
    recommended_limit = serializers.DecimalField(
        **AMOUNT, source="score.recommended_limit", allow_null=True
    )
    currency = serializers.CharField(source="score.currency")

    class Meta:
        model = ScoreStanding
        fields = (
            "customer",
            "at",
            "points",
            "risk_class",
            "recommended_limit",
            "currency",
            "deviation",
            "distance",
        )


class ScoreFilter(forms.Form):
    """Which scores are wanted: at least so far from the recommendation, in percent."""

    deviation = forms.IntegerField(
        label=gettext_lazy("Deviation"), required=False, min_value=0, max_value=1_000_000
    )
    risk_class = forms.ChoiceField(
        label=gettext_lazy("Risk class"), required=False, choices=[("", ""), *RiskClass.choices]
    )

    def narrow(self, rows: Any) -> Any:
        """The rows that pass every filter; only for a valid form."""
        chosen = self.cleaned_data
        if chosen["deviation"]:
            rows = rows.filter(distance__gte=chosen["deviation"])
        if chosen["risk_class"]:
            rows = rows.filter(score__risk_class=chosen["risk_class"])
        return rows


class ScoreViewSet(ApiViewSet):
    """Latest scores of customers."""

    KEYS = ("-distance", "-pk")
    access = {"list": SEE, "export": SEE}

    @described(
        "Scores, those farthest from the recommended limit first",
        gives=pages(StandingSerializer),
        filters=ScoreFilter,
    )
    def list(self, request: Request) -> Response:
        return self.listed(self._narrowed(), StandingSerializer, self.KEYS)

    @exported("Scores beside the limits", filters=ScoreFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        return self.sent(standing_sheet(self._narrowed(), self.KEYS))

    def _narrowed(self) -> Any:
        form = ScoreFilter(self.request.GET)
        filtered(form)
        seen = ScoreStanding.objects.filter(customer__in=Customer.objects.for_user(self.user))
        return form.narrow(seen).select_related("customer__segment", "score")
