"""What keeps orders back: holds, conditions, wrong checks, and flags on what is sold."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import lifecycle
from orders.api.base import OrderViews
from orders.api.filters import ApiHoldFilter
from orders.api.inputs import EvidenceIn, HoldIn, MisjudgedIn, NoteIn
from orders.api.parts import HoldSerializer
from orders.api.serializers import OrderSerializer
from orders.export import hold_sheet, misjudgment_sheet
from orders.models import Decision, Hold, Misjudgment, ReleaseCondition
from staff.api.inputs import ReasonIn
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered


class MisjudgmentSerializer(serializers.ModelSerializer):
    """A hold, or a check of a decision, that stopped an order without a cause."""

    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = Misjudgment
        fields = ("id", "hold", "decision", "code", "reason", "by", "at")


class StoppingViewSet(OrderViews):
    """Holds placed on an order, and checks of it that were wrong."""

    tag = "holds"
    access = {
        "holds": ("orders.hold_order",),
        "misjudgments": ("approvals.decide",),
    }

    @described("Hold an order", takes=HoldIn, gives=HoldSerializer, status=201)
    @action(detail=True, methods=["post"])
    def holds(self, request: Request, pk: int) -> Response:
        given = self.given(HoldIn)
        hold = lifecycle.place_hold(order_id=self.order_id(), by=self.user, at=self.at, **given)
        return Response(self.shown(HoldSerializer, hold), 201)

    @described("Mark a check as wrong", takes=MisjudgedIn, gives=MisjudgmentSerializer, status=201)
    @action(detail=True, methods=["post"])
    def misjudgments(self, request: Request, pk: int) -> Response:
        given = self.given(MisjudgedIn)
        decisions = Decision.objects.filter(order=self.order_id()).order_by("-pk")
        if decision := given.pop("decision", None):
            decisions = decisions.filter(pk=decision)
        made = lifecycle.mark_misjudged(
            decision_id=decisions.values_list("pk", flat=True)[:1].get(),
            by=self.user,
            at=self.at,
            **given,
        )
        return Response(self.shown(MisjudgmentSerializer, made), 201)


class HoldViewSet(ApiViewSet):
    """Holds of all orders."""

    access = {
        "list": ("orders.view_order",),
        "export": ("orders.view_order",),
        "retrieve": ("orders.view_order",),
        "release": ("orders.release_hold", "orders.force_hold"),
        "misjudgment": ("orders.release_hold", "orders.force_hold"),
    }

    @described(
        "Find holds that stand, or that were released, newest first",
        gives=pages(HoldSerializer),
        filters=ApiHoldFilter,
    )
    def list(self, request: Request) -> Response:
        form = ApiHoldFilter(request.GET)
        filtered(form)
        return self.listed(form.narrow(self._holds()), HoldSerializer, form.keys)

    @exported("Holds", filters=ApiHoldFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        form = ApiHoldFilter(request.GET)
        filtered(form)
        found = form.narrow(Hold.objects.for_user(self.user))
        return self.sent(hold_sheet(found, form.keys))

    @described("One hold", gives=HoldSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(self.shown(HoldSerializer, self._holds().get(pk=pk)))

    @described("Release a hold", takes=NoteIn, gives=HoldSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: int) -> Response:
        given, hold = self.given(NoteIn), self._holds().get(pk=pk)
        lifecycle.release_hold(hold_id=hold.pk, by=self.user, at=self.at, **given)
        return Response(self.shown(HoldSerializer, self._holds().get(pk=pk)))

    @described(
        "Mark a released hold as wrong", takes=ReasonIn, gives=MisjudgmentSerializer, status=201
    )
    @action(detail=True, methods=["post"])
    def misjudgment(self, request: Request, pk: int) -> Response:
        given, hold = self.given(ReasonIn), self._holds().get(pk=pk)
        made = lifecycle.mark_wrongly_held(hold_id=hold.pk, by=self.user, at=self.at, **given)
        return Response(self.shown(MisjudgmentSerializer, made), 201)

    def _holds(self) -> Any:
        return Hold.objects.for_user(self.user).select_related("placed_by", "released_by")


class MisjudgmentViewSet(ApiViewSet):
    """Holds and checks that stopped orders without a cause."""

    tag = "holds"
    access = {"list": ("orders.view_order",), "export": ("orders.view_order",)}

    @described("What was marked as wrong, newest first", gives=pages(MisjudgmentSerializer))
    def list(self, request: Request) -> Response:
        found = Misjudgment.objects.for_user(self.user).select_related("by")
        return self.listed(found, MisjudgmentSerializer, ("-at", "-pk"))

    @exported("What was marked as wrong")
    @action(detail=False)
    def export(self, request: Request) -> Any:
        return self.sent(misjudgment_sheet(Misjudgment.objects.for_user(self.user)))


class ConditionViewSet(OrderViews):
    """Conditions of releases."""

    tag = "conditions"
    access = {"meet": ("orders.meet_condition",)}

    @described(
        "Confirm that the document of a condition came in; the answer is the order",
        takes=EvidenceIn,
        gives=OrderSerializer,
    )
    @action(detail=True, methods=["post"])
    def meet(self, request: Request, pk: int) -> Response:
        given = self.given(EvidenceIn)
        condition = ReleaseCondition.objects.for_user(self.user).get(pk=pk)
        lifecycle.meet_condition(condition_id=condition.pk, by=self.user, at=self.at, **given)
        return self.answer(condition.order_id)
