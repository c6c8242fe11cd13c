"""The approval matrix: its versions in words, and which way an order would go."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.matrix import wording
from approvals.matrix.cases import case_of_order
from approvals.matrix.models import MatrixVersion
from approvals.matrix.names import load_names
from approvals.matrix.people import deciders
from approvals.matrix.trial import try_version
from orders.models import Decision, Order
from staff.api.fields import ID
from staff.api.people import WhoSerializer
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet
from staff.api.whole import Whole

SEE = ("approvals.view_matrixversion",)


class MatrixSummarySerializer(serializers.ModelSerializer):
    """A version of the matrix in a list."""

    author = WhoSerializer(allow_null=True)
    published_by = WhoSerializer(allow_null=True)

    class Meta:
        model = MatrixVersion
        fields: tuple[str, ...] = (
            "id",
            "number",
            "state",
            "note",
            "author",
            "created_at",
            "published_at",
            "published_by",
            "retired_at",
        )


class RowSerializer(serializers.Serializer):
    """A row in words: which cases it takes, and who decides about them."""

    number = serializers.IntegerField()
    code = serializers.CharField(source="row.code")
    purpose = serializers.CharField(source="row.purpose")
    cases = serializers.CharField()
    stages = serializers.CharField()


@extend_schema_field(OpenApiTypes.OBJECT)
class MatrixContentField(serializers.JSONField):
    """What a version says, as it is stored."""


class MatrixSerializer(MatrixSummarySerializer):
    """One version with its rows in words, and its content."""

    rows = RowSerializer(many=True)
    content = MatrixContentField()

    class Meta(MatrixSummarySerializer.Meta):
        fields = (*MatrixSummarySerializer.Meta.fields, "rows", "content")


class WayIn(serializers.Serializer):
    """An order that was checked, by its id."""

    order = serializers.IntegerField(**ID)


class AskedSerializer(serializers.Serializer):
    """A level in words."""

    words = serializers.CharField()
    seats = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Of each seat whom it belongs to, and who can fill it today.",
    )


class PassedSerializer(serializers.Serializer):
    """A row that does not take the order, and why."""

    number = serializers.IntegerField()
    code = serializers.CharField(source="row.code")
    why = serializers.CharField()


class WaySerializer(serializers.Serializer):
    """Which way an order goes. `row` is null where none takes it, and nobody is asked."""

    blocked = serializers.BooleanField(help_text="Whether anything stands against the order.")
    case = serializers.CharField(source="case_words")
    row = serializers.CharField(source="row.code", default=None, allow_null=True)
    sentence = serializers.CharField(allow_blank=True)
    stages = AskedSerializer(many=True)
    passed = PassedSerializer(many=True)


class MatrixViewSet(ApiViewSet):
    """Versions of the approval matrix."""

    access = {"list": SEE, "retrieve": SEE, "test": SEE}
    without_key = ("test",)

    @described("Versions, the latest first", gives=pages(MatrixSummarySerializer))
    def list(self, request: Request) -> Response:
        return self.listed(self._versions(), MatrixSummarySerializer, ("-number",))

    @described("One version in words", gives=MatrixSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        version = self._versions().get(pk=pk)
        groups = wording.grouped(version.content, load_names())
        rows = [row for _purpose, lines in groups for row in lines]
        return Response(self.shown(MatrixSerializer, Whole(version, rows=rows)))

    @described("Which way an order would go", takes=WayIn, gives=WaySerializer)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: int) -> Response:
        given, version = self.given(WayIn), self._versions().get(pk=pk)
        orders = Order.objects.for_user(self.user).select_related("account", "customer__segment")
        order = orders.get(pk=given["order"])
        decision = Decision.objects.filter(order=order).order_by("-pk")[:1].get()
        case = case_of_order(order, decision, into=version.content["currency"], at=self.at)
        way = try_version(version, case, load_names(), deciders())
        return Response(self.shown(WaySerializer, way))

    def _versions(self) -> Any:
        return MatrixVersion.objects.select_related("author", "published_by")
