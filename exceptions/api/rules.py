"""Alert rules: read, changed in their thresholds, switched, tried."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from exceptions.api import problems as problems
from exceptions.detect import lifecycle
from exceptions.detect.evaluate import glance
from exceptions.detect.export import rule_sheet, with_open_tickets
from exceptions.detect.history import history
from exceptions.detect.models import AlertRule, AlertRuleVersion, subject
from exceptions.triage.enums import Severity
from rules.conditions import parameters, with_parameters
from staff.api.fields import CodeField
from staff.api.inputs import RenamedIn
from staff.api.people import DepartmentSerializer, WhoSerializer
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet
from staff.api.whole import Whole
from staff.models import Department

SEE = ("exceptions.view_alertrule",)
CHANGE = ("exceptions.change_alertrule",)
ROWS = 8
_LONGEST = 500


@extend_schema_field(OpenApiTypes.ANY)
class AnyField(serializers.JSONField):
    """Whatever JSON can say."""


class ParameterSerializer(serializers.Serializer):
    """A threshold of the rule: where it stands in the condition, and its value."""

    path = serializers.CharField(allow_blank=True)
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    value = AnyField()
    unit = serializers.CharField(allow_blank=True)


class RuleSummarySerializer(serializers.ModelSerializer):
    """A rule in a list: what it looks for now, and what its last scan found."""

    name = serializers.CharField()
    version = serializers.IntegerField(source="current.number")
    sentence = serializers.CharField(source="current.sentence")
    severity = serializers.CharField(source="current.severity")
    department = DepartmentSerializer(source="current.department")

    class Meta:
        model = AlertRule
        fields: tuple[str, ...] = (
            "id",
            "code",
            "name",
            "state",
            "version",
            "sentence",
            "severity",
            "department",
            "scanned_at",
            "matched",
            "scan_error",
        )


class RuleChangeSerializer(serializers.Serializer):
    """One thing that a version changed, in words."""

    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField()
    after = serializers.CharField()


class RuleVersionSerializer(serializers.ModelSerializer):
    """A version of a rule, with what it changed of the one before."""

    sentence = serializers.CharField()
    condition = AnyField()
    department = DepartmentSerializer()
    author = WhoSerializer(allow_null=True)
    changes = RuleChangeSerializer(many=True)

    class Meta:
        model = AlertRuleVersion
        fields = (
            "number",
            "sentence",
            "condition",
            "severity",
            "department",
            "author",
            "at",
            "note",
            "changes",
        )


class RuleSerializer(RuleSummarySerializer):
    """One rule with its condition, its thresholds and its latest versions."""

    condition = AnyField(source="current.condition")
    parameters = ParameterSerializer(many=True)
    versions = RuleVersionSerializer(many=True)

    class Meta(RuleSummarySerializer.Meta):
        fields = (*RuleSummarySerializer.Meta.fields, "condition", "parameters", "versions")


class FoundOrderSerializer(serializers.Serializer):
    """An order that the rule finds."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    state = serializers.CharField()


class FoundSerializer(serializers.Serializer):
    """What the rule finds on watch now, of the orders that the caller may see."""

    count = serializers.IntegerField()
    capped = serializers.BooleanField(help_text="Whether there are more than were counted.")
    rows = FoundOrderSerializer(many=True)


class ValueIn(serializers.Serializer):
    """Another value for the threshold at a path, in the form in which it is shown."""

    path = serializers.CharField(max_length=200, allow_blank=True)
    value = AnyField()


class TryIn(serializers.Serializer):
    """Other thresholds; none are those in force."""

    values = serializers.ListField(child=ValueIn(), max_length=50, default=list)


class PublishIn(TryIn):
    """A new version; `version` is the one that was read. What is left out stays."""

    severity = serializers.ChoiceField(Severity.choices, required=False)
    department = CodeField(Department.objects.all, required=False)
    note = serializers.CharField(max_length=_LONGEST)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class SwitchIn(serializers.Serializer):
    """Put on watch or taken off, and why."""

    on = serializers.BooleanField()
    reason = serializers.CharField(max_length=_LONGEST)


class RuleViewSet(ApiViewSet):
    """Alert rules."""

    access = {
        "list": SEE,
        "export": SEE,
        "retrieve": SEE,
        "evaluate": SEE,
        "partial_update": CHANGE,
        "versions": CHANGE,
        "switch": CHANGE,
    }
    without_key = ("evaluate",)

    @described("The rules, by code", gives=pages(RuleSummarySerializer))
    def list(self, request: Request) -> Response:
        return self.listed(self._rules(), RuleSummarySerializer, ("code",))

    @exported("The rules")
    @action(detail=False)
    def export(self, request: Request) -> Any:
        return self.sent(rule_sheet(with_open_tickets(self._rules(), self.user)))

    @described("One rule with its thresholds and versions", gives=RuleSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described(
        "Give a rule other names; what it looks for is changed by a version",
        takes=RenamedIn,
        gives=RuleSerializer,
        example={"name_en": "Paid, not shipped"},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(RenamedIn)
        lifecycle.rename(rule_id=pk, values=given, by=self.user, at=self.at)
        return self._told(pk)

    @described(
        "What the rule finds now, with its thresholds or with others",
        takes=TryIn,
        gives=FoundSerializer,
        example={"values": []},
    )
    @action(detail=True, methods=["post"])
    def evaluate(self, request: Request, pk: int) -> Response:
        given, rule = self.given(TryIn), self._rules().get(pk=pk)
        condition = _changed(rule.version, given["values"])
        found = glance(condition, self.at, self.user, rows=ROWS)
        return Response(self.shown(FoundSerializer, found))

    @described(
        "Publish other thresholds",
        takes=PublishIn,
        gives=RuleSerializer,
        status=201,
        example={"values": [], "severity": "P2", "note": "Too many of these.", "version": 1},
    )
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, pk: int) -> Response:
        given, rule = self.given(PublishIn), self._rules().get(pk=pk)
        now = rule.version
        lifecycle.publish(
            rule_id=pk,
            condition=_changed(now, given["values"]),
            severity=given.get("severity", now.severity),
            department_id=given.get("department", now.department).pk,
            note=given["note"],
            seen_version=given["version"],
            by=self.user,
            at=self.at,
        )
        return self._told(pk, 201)

    @described("Put a rule on watch or take it off", takes=SwitchIn, gives=RuleSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: int) -> Response:
        lifecycle.switch(rule_id=pk, by=self.user, at=self.at, **self.given(SwitchIn))
        return self._told(pk)

    def _rules(self) -> Any:
        known = AlertRule.objects.filter(current__isnull=False)
        return known.select_related("current__department")

    def _told(self, pk: int, status: int = 200) -> Response:
        rule = self._rules().get(pk=pk)
        versions = [Whole(step.version, changes=step.changes) for step in history(rule)]
        found = parameters(rule.version.condition, subject())
        told = Whole(rule, parameters=found, versions=versions)
        return Response(self.shown(RuleSerializer, told), status)


def _changed(version: AlertRuleVersion, values: list[dict[str, Any]]) -> Any:
    """The condition of the version with other values. Raises ConditionError."""
    wanted = {one["path"]: one["value"] for one in values}
    return with_parameters(version.condition, subject(), wanted)
