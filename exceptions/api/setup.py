"""What tickets are set up with: the causes that closing records name, and the times allowed.

The scans of the rules are told here too.
"""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from exceptions.detect.models import Scan
from exceptions.process import causes
from exceptions.process.enums import CauseCategory
from exceptions.process.models import Cause
from exceptions.triage import lifecycle
from exceptions.triage.models import LONGEST_MINUTES, SlaTarget
from staff.api.inputs import NAMES, RenamedIn
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet


class CauseWholeSerializer(serializers.ModelSerializer):
    """A cause with its name in each language; one that is not active is no longer offered."""

    name = serializers.CharField()

    class Meta:
        model = Cause
        fields = ("id", "code", "name", *NAMES, "category", "active")


class CauseChangeIn(RenamedIn):
    """A cause; what is left out stays as it is."""

    code = serializers.SlugField(max_length=40, required=False)
    category = serializers.ChoiceField(CauseCategory.choices, required=False)
    active = serializers.BooleanField(required=False, help_text="Whether it is offered.")


class CauseIn(CauseChangeIn):
    """A new cause."""

    code = serializers.SlugField(max_length=40)
    name_en = serializers.CharField(max_length=120)
    category = serializers.ChoiceField(CauseCategory.choices)


class CauseViewSet(ApiViewSet):
    """Causes that closing records name."""

    tag = "tickets"
    access = {
        "list": ("exceptions.view_cause", "exceptions.work_ticket"),
        "create": ("exceptions.add_cause",),
        "partial_update": ("exceptions.change_cause",),
    }

    @described("The causes, by code", gives=pages(CauseWholeSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(Cause.objects.all(), CauseWholeSerializer, ("code",))

    @described(
        "Enter a cause",
        takes=CauseIn,
        gives=CauseWholeSerializer,
        status=201,
        example={
            "code": "carrier_lost",
            "name_en": "Lost by the carrier",
            "category": "fulfilment",
        },
    )
    def create(self, request: Request) -> Response:
        made = causes.enter_cause(values=self.given(CauseIn), by=self.user, at=self.at)
        return Response(self.shown(CauseWholeSerializer, made), 201)

    @described(
        "Change a cause, or offer it no longer",
        takes=CauseChangeIn,
        gives=CauseWholeSerializer,
        example={"active": False},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(CauseChangeIn)
        kept = causes.change_cause(cause_id=pk, values=given, by=self.user, at=self.at)
        return Response(self.shown(CauseWholeSerializer, kept))


class TargetSerializer(serializers.ModelSerializer):
    """How soon tickets of a severity are answered and resolved."""

    class Meta:
        model = SlaTarget
        fields = ("id", "severity", "respond_minutes", "resolve_minutes")


class TargetIn(serializers.Serializer):
    """Other times; what is left out stays. Resolving takes no less than responding."""

    respond_minutes = serializers.IntegerField(
        min_value=1, max_value=LONGEST_MINUTES, required=False
    )
    resolve_minutes = serializers.IntegerField(
        min_value=1, max_value=LONGEST_MINUTES, required=False
    )


class TargetViewSet(ApiViewSet):
    """The times that each severity allows."""

    tag = "tickets"
    access = {
        "list": ("exceptions.view_slatarget", "exceptions.work_ticket"),
        "partial_update": ("exceptions.change_slatarget",),
    }

    @described("The times that severities allow, the worst first", gives=pages(TargetSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(SlaTarget.objects.all(), TargetSerializer, ("severity",))

    @described(
        "Allow other times, for tickets that are opened from now on",
        takes=TargetIn,
        gives=TargetSerializer,
        example={"respond_minutes": 30, "resolve_minutes": 240},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(TargetIn)
        kept = lifecycle.change_target(target_id=pk, values=given, by=self.user, at=self.at)
        return Response(self.shown(TargetSerializer, kept))


class RuleScanSerializer(serializers.ModelSerializer):
    """One look of all rules at the orders; `errors` says by code which rules failed, and why."""

    errors = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]

    class Meta:
        model = Scan
        fields = (
            "id",
            "started_at",
            "finished_at",
            "rules",
            "opened",
            "cleared",
            "recurred",
            "errors",
        )


class ScanViewSet(ApiViewSet):
    """Scans."""

    tag = "rules"
    access = {"list": ("exceptions.view_scan",)}

    @described("The scans, the latest first", gives=pages(RuleScanSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(Scan.objects.all(), RuleScanSerializer, ("-started_at", "-pk"))
