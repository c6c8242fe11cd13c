"""What customers are sorted by: segments and industries. They are kept in the back office."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from credit.models import Industry, Segment
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet


class SegmentSerializer(serializers.ModelSerializer):
    """A kind of customer, with the limit of the accounts that inherit theirs."""

    name = serializers.CharField()

    class Meta:
        model = Segment
        fields = ("id", "code", "name", "limit_kind", "limit_amount", "limit_currency")


class IndustrySerializer(serializers.ModelSerializer):
    """What a customer does, and how risky that business is."""

    name = serializers.CharField()

    class Meta:
        model = Industry
        fields = ("id", "code", "name", "risk")


class SegmentViewSet(ApiViewSet):
    """Segments."""

    tag = "customers"
    access = {"list": ("credit.view_segment",)}

    @described("The segments, by code", gives=pages(SegmentSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(Segment.objects.all(), SegmentSerializer, ("code",))


class IndustryViewSet(ApiViewSet):
    """Industries."""

    tag = "customers"
    access = {"list": ("credit.view_industry",)}

    @described("The industries, by code", gives=pages(IndustrySerializer))
    def list(self, request: Request) -> Response:
        return self.listed(Industry.objects.all(), IndustrySerializer, ("code",))
