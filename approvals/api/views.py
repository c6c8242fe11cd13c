"""Approval requests: found, answered one by one or together, asked about, withdrawn."""

from functools import partial
from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from approvals import lifecycle
from approvals.api import problems as problems
from approvals.api.filters import ApiRequestFilter
from approvals.api.inputs import (
    APPROVE,
    RETURN,
    AnswerIn,
    ChosenIn,
    DecideManyIn,
    QuestionIn,
    TextIn,
)
from approvals.api.parts import (
    AllAnsweredSerializer,
    MessageSerializer,
    PicksSerializer,
    RequestSerializer,
)
from approvals.api.reading import of_user, whole
from approvals.api.serializers import RequestSummarySerializer
from approvals.bulk import decide_each, preview
from approvals.export import request_sheet
from approvals.listing import dressed
from orders.errors import ReasonsChanged
from staff.api.inputs import ReasonIn
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered

SEE = ("approvals.view_approvalrequest",)
DECIDE = ("approvals.decide",)
EXAMPLE = {
    "answer": "approve",
    "comment": "Known for years, pays late but pays.",
    "seen": 4711,
    "conditions": [{"kind": "prepay_percent", "percent": "30"}],
}


class RequestViews(ApiViewSet):
    """Finding a request that the caller may see, and showing one."""

    tag = "approvals"

    def request_id(self) -> int:
        """The id of the request of the address. Raises ApprovalRequest.DoesNotExist."""
        pk: int = (
            of_user(self.user).only("pk").values_list("pk", flat=True).get(pk=self.kwargs["pk"])
        )
        return pk

    def told(self, pk: int, status: int = 200) -> Response:
        """The request as it is now."""
        asked = whole(of_user(self.user).get(pk=pk), self.user, self.at)
        return Response(self.shown(RequestSerializer, asked), status)


class RequestViewSet(RequestViews):
    """Requests to release orders in spite of their reasons, and to change limits."""

    access = {
        "list": SEE,
        "export": SEE,
        "retrieve": SEE,
        "answer": DECIDE,
        "refresh": DECIDE,
        "ask": DECIDE,
        "reply": SEE,
        "withdraw": ("approvals.request_limit_change",),
        "preview": DECIDE,
        "decide": DECIDE,
    }
    without_key = ("preview",)

    @described(
        "Find requests: those that wait for the caller, all that wait, answered or lapsed ones",
        gives=pages(RequestSummarySerializer),
        filters=ApiRequestFilter,
    )
    def list(self, request: Request) -> Response:
        form = ApiRequestFilter(request.GET, user=self.user, at=self.at)
        filtered(form)
        ready = partial(dressed, at=self.at)
        return self.listed(form.found(), RequestSummarySerializer, form.keys, ready)

    @exported("Requests", filters=ApiRequestFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        form = ApiRequestFilter(request.GET, user=self.user, at=self.at)
        filtered(form)
        return self.sent(request_sheet(form.found(), form.keys))

    @described("One request with the facts to decide by", gives=RequestSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.told(pk)

    @described(
        "Answer a request: approve, with conditions or without; return; reject",
        takes=AnswerIn,
        gives=RequestSerializer,
        stale=True,
        example=EXAMPLE,
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: int) -> Response:
        given, pk = self.given(AnswerIn), self.request_id()
        words = {"request_id": pk, "by": self.user, "comment": given["comment"], "at": self.at}
        if given["answer"] == APPROVE:
            self._approve(given, words)
        elif given["answer"] == RETURN:
            lifecycle.send_back(**words)
        else:
            lifecycle.reject(**words)
        return self.told(pk)

    def _approve(self, given: dict[str, Any], words: dict[str, Any]) -> None:
        """Approve; where there is more against it than was read, the request shows that now."""
        try:
            lifecycle.approve(
                **words, seen_decision_id=given["seen"], conditions=given["conditions"]
            )
        except ReasonsChanged:
            pk, by, at = words["request_id"], self.user, self.at
            lifecycle.refresh(request_id=pk, by=by, at=at)
            raise

    @described("Check the order again and show today's figures", gives=RequestSerializer)
    @action(detail=True, methods=["post"])
    def refresh(self, request: Request, pk: int) -> Response:
        lifecycle.refresh(request_id=self.request_id(), by=self.user, at=self.at)
        return self.told(pk)

    @described("Ask about a request", takes=QuestionIn, gives=MessageSerializer, status=201)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: int) -> Response:
        given = self.given(QuestionIn)
        made = lifecycle.ask(
            request_id=self.request_id(),
            text=given["text"],
            to_id=given.get("to"),
            by=self.user,
            at=self.at,
        )
        return Response(self.shown(MessageSerializer, made), 201)

    @described("Reply to a question", takes=TextIn, gives=MessageSerializer, status=201)
    @action(detail=True, methods=["post"])
    def reply(self, request: Request, pk: int) -> Response:
        given = self.given(TextIn)
        made = lifecycle.reply(request_id=self.request_id(), by=self.user, at=self.at, **given)
        return Response(self.shown(MessageSerializer, made), 201)

    @described("Take a requested limit back", takes=ReasonIn, gives=RequestSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        given = self.given(ReasonIn)
        lifecycle.withdraw_limit(request_id=self.request_id(), by=self.user, at=self.at, **given)
        return self.told(pk)

    @described(
        "What deciding several requests together would do", takes=ChosenIn, gives=PicksSerializer
    )
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        picks = preview(self.given(ChosenIn)["requests"], self.user, self.at)
        return Response(self.shown(PicksSerializer, {"results": picks}))

    @described(
        "Decide several requests with one comment, each by itself",
        takes=DecideManyIn,
        gives=AllAnsweredSerializer,
    )
    @action(detail=False, methods=["post"])
    def decide(self, request: Request) -> Response:
        given = self.given(DecideManyIn)
        seen = {one["id"]: one["seen"] for one in given.pop("requests")}
        picks = preview(seen, self.user, self.at)
        taken = [pick.request for pick in picks if not pick.problem]
        done = decide_each(taken, **given, seen=seen, by=self.user, at=self.at)
        left = [pick for pick in picks if pick.problem]
        return Response(self.shown(AllAnsweredSerializer, {"results": [*done, *left]}))
