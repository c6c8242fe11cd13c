"""What customers are sorted by: segments and industries."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from credit import lifecycle
from credit.api.inputs import AMOUNT
from credit.models import Industry, Segment
from credit.money import CURRENCIES
from credit.scoring.enums import IndustryRisk
from staff.api.inputs import NAMES, RenamedIn
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet

# A segment inherits from nobody and belongs to no group.
_LIMIT_KINDS: Any = Segment._meta.get_field("limit_kind").choices


class SegmentSerializer(serializers.ModelSerializer):
    """A kind of customer, with the limit of the accounts that inherit theirs."""

    name = serializers.CharField()

    class Meta:
        model = Segment
        fields = ("id", "code", "name", *NAMES, "limit_kind", "limit_amount", "limit_currency")


class IndustrySerializer(serializers.ModelSerializer):
    """What a customer does, and how risky that business is."""

    name = serializers.CharField()

    class Meta:
        model = Industry
        fields = ("id", "code", "name", *NAMES, "risk")


class NamedIn(RenamedIn):
    """A code, and a name in each language; what is left out stays as it is."""

    code = serializers.CharField(max_length=40, required=False)


class SegmentChangeIn(NamedIn):
    """A segment; a limit of the kind `amount` has an amount and its currency, others neither."""

    limit_kind = serializers.ChoiceField(_LIMIT_KINDS, required=False)
    limit_amount = serializers.DecimalField(
        **AMOUNT, min_value=Decimal(0), allow_null=True, required=False
    )
    limit_currency = serializers.ChoiceField(
        [("", ""), *CURRENCIES], allow_blank=True, required=False
    )


class SegmentIn(SegmentChangeIn):
    """A new segment."""

    code = serializers.CharField(max_length=40)
    name_en = serializers.CharField(max_length=120)


class IndustryChangeIn(NamedIn):
    """An industry."""

    risk = serializers.ChoiceField(IndustryRisk.choices, required=False)


class IndustryIn(IndustryChangeIn):
    """A new industry."""

    code = serializers.CharField(max_length=40)
    name_en = serializers.CharField(max_length=120)
    risk = serializers.ChoiceField(IndustryRisk.choices)


class SegmentViewSet(ApiViewSet):
    """Segments."""

    tag = "customers"
    access = {
        "list": ("credit.view_segment",),
        "create": ("credit.add_segment",),
        "partial_update": ("credit.change_segment",),
        "remove": ("credit.delete_segment",),
    }

    @described("The segments, by code", gives=pages(SegmentSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(Segment.objects.all(), SegmentSerializer, ("code",))

    @described(
        "Enter a segment",
        takes=SegmentIn,
        gives=SegmentSerializer,
        status=201,
        example={"code": "chain", "name_en": "Chains", "limit_kind": "none"},
    )
    def create(self, request: Request) -> Response:
        made = lifecycle.enter_segment(values=self.given(SegmentIn), by=self.user, at=self.at)
        return Response(self.shown(SegmentSerializer, made), 201)

    @described(
        "Change a segment; another limit counts from the next check on",
        takes=SegmentChangeIn,
        gives=SegmentSerializer,
        example={"limit_kind": "amount", "limit_amount": "80000.00", "limit_currency": "CNY"},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(SegmentChangeIn)
        made = lifecycle.change_segment(segment_id=pk, values=given, by=self.user, at=self.at)
        return Response(self.shown(SegmentSerializer, made))

    @described("Remove a segment that nothing belongs to", gives=SegmentSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        was = self.shown(SegmentSerializer, Segment.objects.get(pk=pk))
        lifecycle.remove_segment(segment_id=pk, by=self.user, at=self.at)
        return Response(was)


class IndustryViewSet(ApiViewSet):
    """Industries."""

    tag = "customers"
    access = {
        "list": ("credit.view_industry",),
        "create": ("credit.add_industry",),
        "partial_update": ("credit.change_industry",),
    }

    @described("The industries, by code", gives=pages(IndustrySerializer))
    def list(self, request: Request) -> Response:
        return self.listed(Industry.objects.all(), IndustrySerializer, ("code",))

    @described(
        "Enter an industry",
        takes=IndustryIn,
        gives=IndustrySerializer,
        status=201,
        example={"code": "marine", "name_en": "Shipbuilding", "risk": "medium"},
    )
    def create(self, request: Request) -> Response:
        made = lifecycle.enter_industry(values=self.given(IndustryIn), by=self.user, at=self.at)
        return Response(self.shown(IndustrySerializer, made), 201)

    @described(
        "Change an industry; the next scoring counts it",
        takes=IndustryChangeIn,
        gives=IndustrySerializer,
        example={"risk": "high"},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(IndustryChangeIn)
        made = lifecycle.change_industry(industry_id=pk, values=given, by=self.user, at=self.at)
        return Response(self.shown(IndustrySerializer, made))
