"""The approval matrix: its versions in words, drafts, and which way an order would go."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api import problems as problems
from approvals.matrix import lifecycle, wording
from approvals.matrix.cases import case_of_limit, case_of_order, order_case
from approvals.matrix.editing.choices import Choices
from approvals.matrix.enums import Purpose
from approvals.matrix.models import MatrixVersion
from approvals.matrix.names import load_names
from approvals.matrix.people import deciders
from approvals.matrix.routing import Case
from approvals.matrix.trial import try_version
from credit.api.finding import account_with_code
from credit.api.inputs import AMOUNT
from credit.days import company_day
from credit.models import CreditAccount
from credit.money import CURRENCIES, ZERO
from orders.models import Decision, Order
from staff.api.fields import ID
from staff.api.people import WhoSerializer
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet
from staff.api.whole import Whole

SEE = ("approvals.view_matrixversion",)
CHANGE = ("approvals.change_matrix",)
PUBLISH = ("approvals.publish_matrix",)
DRAFT = {
    "note": "Large excesses go to both levels.",
    "content": {
        "currency": "CNY",
        "rows": [
            {
                "code": "orders",
                "names": {"en": "All orders"},
                "purpose": "order",
                "stages": [{"need": "all", "seats": [{"role": "approver_1"}], "hours": 8}],
            }
        ],
    },
}
NONE_OR_MORE: dict[str, Any] = AMOUNT | {"min_value": ZERO}


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


class MatrixDraftIn(serializers.Serializer):
    """What a draft says, as another version shows it, and why the matrix changes."""

    content = MatrixContentField()
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class MatrixPublishIn(serializers.Serializer):
    """Some cases may fit several rows, of which the first decides: say that you have seen them."""

    overlaps_seen = serializers.BooleanField(default=False)


class WayIn(serializers.Serializer):
    """An order that was checked, by its id; or a customer with what is imagined.

    `amount` is that of the order in `currency`, the account's unless said; or for the purpose
    `limit` what the limit would be, none for unlimited. `excess` is in the account's currency.
    """

    order = serializers.IntegerField(**ID, required=False)
    customer = serializers.CharField(max_length=40, required=False)
    purpose = serializers.ChoiceField(Purpose.choices, default=Purpose.ORDER.value)
    amount = serializers.DecimalField(**NONE_OR_MORE, allow_null=True, default=None)
    currency = serializers.ChoiceField(CURRENCIES, required=False)
    excess = serializers.DecimalField(**NONE_OR_MORE, default=ZERO)
    reasons = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=50, default=list
    )

    def validate_reasons(self, codes: list[str]) -> list[str]:
        """The codes. Raises ValidationError for one that no check has."""
        known = {code for code, _label in Choices(load_names()).reasons}
        if unknown := sorted(set(codes) - known):
            text = _("There are no such reasons: %(codes)s.")
            raise serializers.ValidationError(text % {"codes": ", ".join(unknown)})
        return codes

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError where there is nothing to try."""
        limit = attrs["purpose"] == Purpose.LIMIT
        imagined = "customer" in attrs and (limit or attrs["amount"] is not None)
        if "order" not in attrs and not imagined:
            raise serializers.ValidationError(_("Name an order, or a customer and an amount."))
        return attrs


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

    access = {
        "list": SEE,
        "retrieve": SEE,
        "test": SEE,
        "create": CHANGE,
        "update": CHANGE,
        "discard": CHANGE,
        "publish": PUBLISH,
    }
    without_key = ("test",)

    @described("Versions, the latest first", gives=pages(MatrixSummarySerializer))
    def list(self, request: Request) -> Response:
        return self.listed(self._versions(), MatrixSummarySerializer, ("-number",))

    @described("One version in words", gives=MatrixSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described(
        "Write a new version as a draft; one may wait at a time",
        takes=MatrixDraftIn,
        gives=MatrixSerializer,
        status=201,
        example=DRAFT,
    )
    def create(self, request: Request) -> Response:
        given = self.given(MatrixDraftIn)
        return self._told(lifecycle.draft_version(by=self.user, at=self.at, **given).pk, 201)

    @described(
        "Replace what a draft says", takes=MatrixDraftIn, gives=MatrixSerializer, example=DRAFT
    )
    def update(self, request: Request, pk: int) -> Response:
        given = self.given(MatrixDraftIn)
        lifecycle.edit_draft(version_id=pk, by=self.user, at=self.at, **given)
        return self._told(pk)

    @described("Throw a draft away; the answer is what it was", gives=MatrixSummarySerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: int) -> Response:
        was = self.shown(MatrixSummarySerializer, self._versions().get(pk=pk))
        lifecycle.discard_draft(version_id=pk, by=self.user, at=self.at)
        return Response(was)

    @described(
        "Put a draft in force; requests under way keep the version they began with",
        takes=MatrixPublishIn,
        gives=MatrixSerializer,
        example={"overlaps_seen": True},
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        given = self.given(MatrixPublishIn)
        lifecycle.publish(version_id=pk, by=self.user, at=self.at, **given)
        return self._told(pk)

    @described(
        "Which way an order or a limit would go, real or imagined",
        takes=WayIn,
        gives=WaySerializer,
        example={
            "customer": "C00001",
            "amount": "9000.00",
            "excess": "500.00",
            "reasons": ["limit"],
        },
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: int) -> Response:
        given, version = self.given(WayIn), self._versions().get(pk=pk)
        case = self._case(given, version.content["currency"])
        way = try_version(version, case, load_names(), deciders())
        return Response(self.shown(WaySerializer, way))

    def _told(self, pk: int, status: int = 200) -> Response:
        version = self._versions().get(pk=pk)
        groups = wording.grouped(version.content, load_names())
        rows = [row for _purpose, lines in groups for row in lines]
        return Response(self.shown(MatrixSerializer, Whole(version, rows=rows)), status)

    def _case(self, given: dict[str, Any], into: str) -> Case:
        if "order" in given:
            orders = Order.objects.for_user(self.user).select_related("account")
            order = orders.select_related("customer__segment").get(pk=given["order"])
            decision = Decision.objects.filter(order=order).order_by("-pk")[:1].get()
            return case_of_order(order, decision, into=into, at=self.at)
        named = account_with_code(self.user, given["customer"])
        accounts = CreditAccount.objects.with_limits(company_day(self.at))
        account = accounts.select_related("customer").get(pk=named.pk)
        if given["purpose"] == Purpose.LIMIT:
            return case_of_limit(account, given["amount"], into=into, at=self.at)
        return order_case(
            account,
            excess=given["excess"],
            amount=given["amount"],
            currency=given.get("currency", account.currency),
            reasons=given["reasons"],
            into=into,
            at=self.at,
        )

    def _versions(self) -> Any:
        return MatrixVersion.objects.select_related("author", "published_by")
