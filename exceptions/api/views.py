"""Tickets: found, opened, taken, worked on and closed."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from exceptions.api import problems as problems
from exceptions.api.filters import ApiTicketFilter
from exceptions.api.inputs import (
    AssignIn,
    CloseIn,
    CommentIn,
    TakeIn,
    TicketIn,
    WhyIn,
    record_of,
)
from exceptions.api.serializers import (
    CommentSerializer,
    PeopleSerializer,
    TakenTicketsSerializer,
    TicketSerializer,
    TicketSummarySerializer,
)
from exceptions.process import lifecycle
from exceptions.process.actions import available_actions
from exceptions.process.clocks import clock
from exceptions.process.errors import TicketError
from exceptions.process.export import ticket_sheet
from exceptions.process.forms import AssignForm
from exceptions.process.models import Ticket
from exceptions.process.seen import seen
from exceptions.process.timeline import timeline
from orders.models import Order
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered
from staff.api.whole import Whole

SEE = ("exceptions.view_ticket",)
WORK = ("exceptions.work_ticket",)
_RELATED = (
    "rule",
    "rule_version",
    "order__customer",
    "order__owner",
    "department",
    "assignee",
    "opened_by",
    "closed_by",
    "wrong_by",
    "cause",
)


class TicketViewSet(ApiViewSet):
    """Tickets."""

    access = {
        "list": SEE,
        "export": SEE,
        "retrieve": SEE,
        "create": WORK,
        "take": WORK,
        "assignees": WORK,
        "assign": WORK,
        "start": WORK,
        "comments": WORK,
        "close": WORK,
        "reopen": WORK,
        "mark_wrong": WORK,
    }

    @described(
        "Find tickets, those due first first",
        gives=pages(TicketSummarySerializer),
        filters=ApiTicketFilter,
    )
    def list(self, request: Request) -> Response:
        form = ApiTicketFilter(request.GET, user=self.user, at=self.at)
        filtered(form)
        return self.listed(form.found(), TicketSummarySerializer, form.keys, self._dressed)

    @exported("Tickets", filters=ApiTicketFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        form = ApiTicketFilter(request.GET, user=self.user, at=self.at)
        filtered(form)
        return self.sent(ticket_sheet(form.found(), form.keys))

    @described("One ticket with all that belongs to it", gives=TicketSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described(
        "Open a ticket about an order",
        takes=TicketIn,
        gives=TicketSerializer,
        status=201,
        example={
            "order": 4711,
            "summary": "Two of five boxes are missing.",
            "department": "warehouse",
        },
    )
    def create(self, request: Request) -> Response:
        given = self.given(TicketIn)
        order = Order.objects.for_user(self.user).only("pk").get(pk=given.pop("order"))
        ticket = lifecycle.open_by_hand(
            order_id=order.pk,
            department_id=given.pop("department").pk,
            by=self.user,
            at=self.at,
            **given,
        )
        return self._told(ticket.pk, 201)

    @described("Take several tickets, each by itself", takes=TakeIn, gives=TakenTicketsSerializer)
    @action(detail=False, methods=["post"])
    def take(self, request: Request) -> Response:
        chosen = self.given(TakeIn)["tickets"]
        known = Ticket.objects.for_user(self.user).filter(pk__in=chosen).order_by("pk")
        results = [self._take(pk) for pk in known.values_list("pk", flat=True)]
        return Response(self.shown(TakenTicketsSerializer, {"results": results}))

    @described("Who can be given the ticket", gives=PeopleSerializer)
    @action(detail=True)
    def assignees(self, request: Request, pk: int) -> Response:
        people = AssignForm(self._tickets().get(pk=pk)).fields["assignee"].queryset  # type: ignore[attr-defined]
        return Response(self.shown(PeopleSerializer, {"results": people}))

    @described("Give the ticket to somebody, or take it", takes=AssignIn, gives=TicketSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: int) -> Response:
        whom = self.given(AssignIn).get("assignee", self.user.pk)
        return self._did(lifecycle.assign, assignee_id=whom)

    @described("Begin to work on one's ticket", gives=TicketSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.start)

    @described("Write on the ticket", takes=CommentIn, gives=CommentSerializer, status=201)
    @action(detail=True, methods=["post"])
    def comments(self, request: Request, pk: int) -> Response:
        given, ticket = self.given(CommentIn), self._tickets().get(pk=pk)
        made = lifecycle.comment(ticket_id=ticket.pk, by=self.user, at=self.at, **given)
        return Response(self.shown(CommentSerializer, made), 201)

    @described(
        "Close the ticket with its record",
        takes=CloseIn,
        gives=TicketSerializer,
        example={
            "outcome": "solved",
            "cause": "carrier_delay",
            "action": "Called the carrier.",
            "result": "Picked up this morning.",
        },
    )
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.close, closing=record_of(self.given(CloseIn)))

    @described("Put a closed ticket back into the queue", takes=WhyIn, gives=TicketSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.reopen, **self.given(WhyIn))

    @described(
        "Say of a closed ticket that it was wrongly raised", takes=WhyIn, gives=TicketSerializer
    )
    @action(detail=True, methods=["post"], url_path="mark-wrong")
    def mark_wrong(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.mark_wrong, **self.given(WhyIn))

    def _tickets(self) -> Any:
        return Ticket.objects.for_user(self.user).select_related(*_RELATED)

    def _dressed(self, rows: Sequence[Any]) -> Sequence[Any]:
        for ticket in rows:
            ticket.clock = clock(ticket, self.at)
        return rows

    def _did(self, verb: Any, **values: Any) -> Response:
        pk = self._tickets().get(pk=self.kwargs["pk"]).pk
        verb(ticket_id=pk, by=self.user, at=self.at, **values)
        return self._told(pk)

    def _take(self, pk: int) -> dict[str, Any]:
        problem = ""
        try:
            lifecycle.assign(ticket_id=pk, assignee_id=self.user.pk, by=self.user, at=self.at)
        except (TicketError, PermissionDenied) as error:
            problem = str(error)
        return {"id": pk, "problem": problem}

    def _told(self, pk: int, status: int = 200) -> Response:
        ticket = self._tickets().get(pk=pk)
        told = Whole(
            ticket,
            clock=clock(ticket, self.at),
            seen=seen(ticket, self.user),
            comments=list(ticket.comments.select_related("by")),
            timeline=timeline(ticket),
            actions=available_actions(self.user, ticket),
        )
        return Response(self.shown(TicketSerializer, told), status)
