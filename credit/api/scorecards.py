"""Scorecards: read, drafted, tried and put in force."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from credit.api import problems as problems
from credit.enums import RiskClass
from credit.models import Scorecard
from credit.money import CURRENCIES
from credit.scoring import drafts, lifecycle
from credit.scoring.enums import FactorCode
from credit.scoring.models import ScorecardBand, ScorecardClass, ScorecardFactor
from credit.scoring.preview import preview
from credit.scoring.whole import problems as lacking
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet
from staff.api.whole import Whole

SEE = ("credit.view_scorecard",)
CHANGE = ("credit.change_scorecard",)
POINTS: dict[str, Any] = {"min_value": 0, "max_value": 100}
_KINDS: Any = ScorecardBand._meta.get_field("value").flatchoices
MOST = 200


class CardFactorSerializer(serializers.ModelSerializer):
    """How much one factor weighs, in percent."""

    class Meta:
        model = ScorecardFactor
        fields = ("code", "weight", "unknown_points")


class CardBandSerializer(serializers.ModelSerializer):
    """The points of the figures from `start` on, or of one value."""

    class Meta:
        model = ScorecardBand
        fields = ("factor", "start", "value", "points")


class CardClassSerializer(serializers.ModelSerializer):
    """Where a risk class begins, and how much credit it recommends."""

    class Meta:
        model = ScorecardClass
        fields = ("code", "from_points", "revenue_percent", "months")


class ScorecardSerializer(serializers.ModelSerializer):
    """A scorecard with all its rows."""

    factors = CardFactorSerializer(many=True)
    bands = CardBandSerializer(many=True)
    classes = CardClassSerializer(many=True)

    class Meta:
        model = Scorecard
        fields: tuple[str, ...] = (
            "id",
            "number",
            "state",
            "note",
            "currency",
            "published_at",
            "factors",
            "bands",
            "classes",
        )


class OneCardSerializer(ScorecardSerializer):
    """One scorecard, and what keeps a draft from being published, in sentences."""

    lacking = serializers.ListField(child=serializers.CharField())

    class Meta(ScorecardSerializer.Meta):
        fields = (*ScorecardSerializer.Meta.fields, "lacking")


class ClassCountSerializer(serializers.Serializer):
    """How many customers are in a class now, and would be."""

    code = serializers.CharField()
    now = serializers.IntegerField()
    then = serializers.IntegerField()


class CardPreviewSerializer(serializers.Serializer):
    """What a draft would change; `better` and `worse` count customers that change their class."""

    classes = ClassCountSerializer(many=True)
    better = serializers.IntegerField()
    worse = serializers.IntegerField()


class FactorIn(serializers.Serializer):
    """How much a factor weighs in percent, and the points of whoever's value is not known."""

    code = serializers.ChoiceField(FactorCode.choices)
    weight = serializers.IntegerField(**POINTS)
    unknown_points = serializers.IntegerField(**POINTS, default=0)


class BandIn(serializers.Serializer):
    """Points from a figure on, or of one value of the rating or the industry's risk."""

    factor = serializers.ChoiceField(FactorCode.choices)
    start = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=0, allow_null=True, default=None
    )
    value = serializers.ChoiceField([("", ""), *_KINDS], allow_blank=True, default="")
    points = serializers.IntegerField(**POINTS)


class ClassIn(serializers.Serializer):
    """Where a risk class begins; the lower of the two is the limit that it recommends."""

    code = serializers.ChoiceField(RiskClass.choices)
    from_points = serializers.DecimalField(max_digits=5, decimal_places=2, **POINTS)
    revenue_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, allow_null=True, default=None
    )
    months = serializers.DecimalField(
        max_digits=4, decimal_places=1, min_value=0, allow_null=True, default=None
    )


class CardDraftIn(serializers.Serializer):
    """All that a draft says. A card is whole when its weights come to 100 percent."""

    note = serializers.CharField(max_length=2000, allow_blank=True, default="")
    currency = serializers.ChoiceField(CURRENCIES, required=False)
    factors = serializers.ListField(child=FactorIn(), max_length=len(FactorCode))
    bands = serializers.ListField(child=BandIn(), max_length=MOST)
    classes = serializers.ListField(child=ClassIn(), max_length=len(RiskClass))


EXAMPLE = {
    "note": "Years in business count alone.",
    "currency": "CNY",
    "factors": [{"code": "years", "weight": 100, "unknown_points": 20}],
    "bands": [
        {"factor": "years", "start": "0.00", "points": 30},
        {"factor": "years", "start": "5.00", "points": 90},
    ],
    "classes": [
        {"code": "A", "from_points": "80.00", "revenue_percent": "5.00", "months": "3.0"},
        {"code": "E", "from_points": "0.00"},
    ],
}


class ScorecardViewSet(ApiViewSet):
    """Scorecards."""

    tag = "scores"
    access = {
        "list": SEE,
        "retrieve": SEE,
        "preview": ("credit.publish_scorecard",),
        "draft": CHANGE,
        "update": CHANGE,
        "discard": ("credit.delete_scorecard",),
        "publish": ("credit.publish_scorecard",),
    }

    @described("Scorecards, the latest first", gives=pages(ScorecardSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(self._cards(), ScorecardSerializer, ("-number",))

    @described("One scorecard, and what it lacks", gives=OneCardSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described("Copy a scorecard into a new draft", gives=OneCardSerializer, status=201)
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: int) -> Response:
        made = lifecycle.draft_from(scorecard_id=self._one(pk), by=self.user, at=self.at)
        return self._told(made.pk, 201)

    @described("Rewrite a draft", takes=CardDraftIn, gives=OneCardSerializer, example=EXAMPLE)
    def update(self, request: Request, pk: int) -> Response:
        given = self.given(CardDraftIn)
        rows = {name: given.pop(name) for name in ("factors", "bands", "classes")}
        drafts.edit_draft(
            scorecard_id=self._one(pk), values=given, rows=rows, by=self.user, at=self.at
        )
        return self._told(pk)

    @described("How customers would change their classes", gives=CardPreviewSerializer)
    @action(detail=True)
    def preview(self, request: Request, pk: int) -> Response:
        card = self._cards().get(pk=pk)
        if found := lacking(card):
            raise ValidationError(found)
        return Response(self.shown(CardPreviewSerializer, preview(card, self.at)))

    @described(
        "Put a draft in force; all customers are scored anew in a moment", gives=OneCardSerializer
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        lifecycle.publish(scorecard_id=self._one(pk), by=self.user, at=self.at)
        return self._told(pk)

    @described("Throw a draft away; the answer is what it was", gives=ScorecardSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: int) -> Response:
        was = self.shown(ScorecardSerializer, self._cards().get(pk=pk))
        drafts.discard_draft(scorecard_id=pk, by=self.user, at=self.at)
        return Response(was)

    def _one(self, pk: int) -> int:
        return Scorecard.objects.get(pk=pk).pk

    def _told(self, pk: int, status: int = 200) -> Response:
        card = self._cards().get(pk=pk)
        told = Whole(card, lacking=lacking(card))
        return Response(self.shown(OneCardSerializer, told), status)

    def _cards(self) -> Any:
        return Scorecard.objects.prefetch_related("factors", "bands", "classes")
