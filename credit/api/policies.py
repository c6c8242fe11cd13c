"""Credit policies: whom they are for, what they ask, their versions, putting them in force."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from credit.api import problems as problems
from credit.enums import PolicyScope, RiskClass
from credit.lifecycle import policies as lifecycle
from credit.lifecycle import scopes
from credit.models import Customer, Policy, PolicyVersion, Segment
from credit.versions import compared
from staff.api.fields import CodeField
from staff.api.inputs import NAMES, RenamedIn
from staff.api.people import WhoSerializer
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet
from staff.api.whole import Whole

SEE = ("credit.view_policy",)
PUBLISH = ("credit.publish_policy",)
CHANGE = ("credit.change_policy",)


@extend_schema_field(OpenApiTypes.OBJECT)
class ContentField(serializers.JSONField):
    """What a version asks, as it is stored."""


class PolicySerializer(serializers.ModelSerializer):
    """A policy and whom it is for; the published version with the narrowest scope governs."""

    name = serializers.CharField()
    segment = serializers.CharField(source="segment.code", default=None, allow_null=True)
    customer = serializers.CharField(source="customer.code", default=None, allow_null=True)

    excluded: Any = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Policy
        fields = (
            "id",
            "code",
            "name",
            *NAMES,
            "scope",
            "segment",
            "risk_class",
            "customer",
            "excluded",
        )


class PolicyChangeIn(RenamedIn):
    """Whom a policy is for; what is left out stays as it is. Its code stays too.

    The scope says which of the others is named: `segment`, `risk_class`, `customer`, or none.
    `excluded` are the codes of customers that the next wider policy governs instead.
    """

    scope = serializers.ChoiceField(PolicyScope.choices, required=False)
    segment = CodeField(Segment.objects.all, allow_null=True, required=False)
    risk_class = serializers.ChoiceField(
        [("", ""), *RiskClass.choices], allow_blank=True, required=False
    )
    customer = CodeField(Customer.objects.all, allow_null=True, required=False)
    excluded = serializers.ListField(
        child=CodeField(Customer.objects.all), max_length=500, required=False
    )


class PolicyIn(PolicyChangeIn):
    """A new policy."""

    code = serializers.CharField(max_length=40)
    name_en = serializers.CharField(max_length=120)
    scope = serializers.ChoiceField(PolicyScope.choices)


class VersionSummarySerializer(serializers.ModelSerializer):
    """A version of a policy in a list."""

    policy = serializers.IntegerField(source="policy_id")
    author = WhoSerializer(allow_null=True)
    published_by = WhoSerializer(allow_null=True)

    class Meta:
        model = PolicyVersion
        fields: tuple[str, ...] = (
            "id",
            "policy",
            "number",
            "state",
            "note",
            "author",
            "created_at",
            "published_at",
            "published_by",
            "retired_at",
        )


class VersionChangeSerializer(serializers.Serializer):
    """One thing that a version changes, in words."""

    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class VersionSerializer(VersionSummarySerializer):
    """One version with its content, and what it changes in the one in force or before it."""

    content = ContentField()
    changes = VersionChangeSerializer(many=True)

    class Meta(VersionSummarySerializer.Meta):
        fields = (*VersionSummarySerializer.Meta.fields, "content", "changes")


class DraftIn(serializers.Serializer):
    """What a draft asks, as another version shows it, and why it is written."""

    content = ContentField()
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class PolicyViewSet(ApiViewSet):
    """Credit policies."""

    access = {
        "list": SEE,
        "retrieve": SEE,
        "create": ("credit.add_policy",),
        "partial_update": CHANGE,
        "versions": SEE,
        "draft": CHANGE,
    }

    @described("The policies, by code", gives=pages(PolicySerializer))
    def list(self, request: Request) -> Response:
        return self.listed(self._policies(), PolicySerializer, ("code",))

    @described("One policy", gives=PolicySerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(self.shown(PolicySerializer, self._policies().get(pk=pk)))

    @described(
        "Enter a policy; it governs nobody until a version of it is published",
        takes=PolicyIn,
        gives=PolicySerializer,
        status=201,
        example={"code": "risky", "name_en": "Risky", "scope": "risk_class", "risk_class": "D"},
    )
    def create(self, request: Request) -> Response:
        given = self.given(PolicyIn)
        excluded = given.pop("excluded", ())
        made = scopes.enter_policy(values=given, excluded=excluded, by=self.user, at=self.at)
        return Response(self.shown(PolicySerializer, self._policies().get(pk=made.pk)), 201)

    @described(
        "Say whom a policy is for; it counts from the next check on",
        takes=PolicyChangeIn,
        gives=PolicySerializer,
        example={"excluded": ["C00007"]},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(PolicyChangeIn)
        said: dict[str, Any] = {"excluded": given.pop("excluded", None)}
        scopes.change_policy(policy_id=pk, values=given, by=self.user, at=self.at, **said)
        return Response(self.shown(PolicySerializer, self._policies().get(pk=pk)))

    @described("The versions of a policy, the latest first", gives=pages(VersionSummarySerializer))
    @action(detail=True)
    def versions(self, request: Request, pk: int) -> Response:
        found = _versions().filter(policy=self._policies().get(pk=pk)).defer("content")
        return self.listed(found, VersionSummarySerializer, ("-number",))

    @described("Write a new version as a draft", takes=DraftIn, gives=VersionSerializer, status=201)
    @versions.mapping.post
    def draft(self, request: Request, pk: int) -> Response:
        given = self.given(DraftIn)
        made = lifecycle.draft_version(policy_id=pk, by=self.user, at=self.at, **given)
        return Response(self.shown(VersionSerializer, _whole(made.pk)), 201)

    def _policies(self) -> Any:
        return Policy.objects.select_related("segment", "customer").prefetch_related("excluded")


class VersionViewSet(ApiViewSet):
    """Versions of credit policies."""

    tag = "policies"
    access = {
        "retrieve": SEE,
        "update": CHANGE,
        "discard": CHANGE,
        "publish": PUBLISH,
        "shadow": PUBLISH,
        "retire": PUBLISH,
    }

    @described("One version, and what it changes", gives=VersionSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(self.shown(VersionSerializer, _whole(pk)))

    @described("Replace what a draft asks", takes=DraftIn, gives=VersionSerializer)
    def update(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.edit_draft, **self.given(DraftIn))

    @described("Throw a draft away; the answer is what it was", gives=VersionSummarySerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: int) -> Response:
        was = self.shown(VersionSummarySerializer, _versions().get(pk=pk))
        lifecycle.discard_draft(version_id=pk, by=self.user, at=self.at)
        return Response(was)

    @described("Put a version in force", gives=VersionSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.publish)

    @described("Let a draft judge beside the version in force", gives=VersionSerializer)
    @action(detail=True, methods=["post"])
    def shadow(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.shadow)

    @described("Take a version out of force or out of the shadow", gives=VersionSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.retire)

    def _did(self, verb: Any, **values: Any) -> Response:
        pk = self.kwargs["pk"]
        verb(version_id=pk, by=self.user, at=self.at, **values)
        return Response(self.shown(VersionSerializer, _whole(pk)))


def _versions() -> Any:
    return PolicyVersion.objects.select_related("policy", "author", "published_by")


def _whole(pk: int) -> Whole:
    version = _versions().get(pk=pk)
    return Whole(version, changes=compared(version).changes)
