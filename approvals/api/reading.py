"""Approval requests with all that the API shows of them."""

from datetime import datetime
from typing import Any

from approvals import policies
from approvals.briefing import brief, credit_of
from approvals.eligible import seat_for
from approvals.enums import RequestState, SeatState
from approvals.listing import dressed
from approvals.models import ApprovalRequest
from approvals.path import effect, path_of
from approvals.precedents import precedents
from approvals.querysets import ApprovalRequestQuerySet
from approvals.subjects import about_order, subject_of
from approvals.thread import thread
from credit.days import company_day
from orders.conditional import conditions_of
from orders.differences import differences
from orders.remedies.offering import advise
from orders.versions import content_of, since_release
from orders.waiting import place
from staff.api.whole import Whole
from staff.models import User


def of_user(user: User) -> ApprovalRequestQuerySet:
    """The requests that the user may see, with what one of them shows."""
    seen: ApprovalRequestQuerySet = ApprovalRequest.objects.for_user(user).with_what_lists_show()
    order = ("order__customer__segment", "order__owner", "decision")
    change = ("limit_change__account__customer__segment", "limit_change__requested_by")
    return seen.select_related(
        *order, *change, "matrix_version", "requested_by", "order_owner", "decided_by"
    )


def whole(asked: ApprovalRequest, user: User, at: datetime) -> Whole:
    """The request with what belongs to it, ready for `RequestSerializer`."""
    path, said = path_of(asked, at), thread(asked).said
    answering = _answering(asked, user, at)
    may_answer = ["answer"] if answering["effect"] else []
    more = _of_limit if asked.limit_change_id else _of_order
    return Whole(
        dressed([asked], at)[0],
        seen=subject_of(asked).shown,
        route=path.steps,
        answers_before=path.before,
        thread=said,
        actions=may_answer + _actions(asked, user, bool(said)),
        **answering,
        **more(asked, user, at),
    )


def _of_order(asked: ApprovalRequest, user: User, at: datetime) -> dict[str, Any]:
    found, order = brief(asked, at, user), about_order(asked).order
    waits = asked.state == RequestState.OPEN
    before = since_release(order) if waits else None
    account = found.credit.account if found.credit else None
    return {
        "checks": found.checks,
        "credit": found.credit,
        "precedents": precedents(asked, user, at),
        "advice": advise(order, account, user, at) if waits and account else None,
        "place": place(order) if waits else None,
        "changes": differences(before, content_of(order)) if before else [],
        "conditions": [] if waits else conditions_of(user, order),
    }


def _of_limit(asked: ApprovalRequest, user: User, at: datetime) -> dict[str, Any]:
    sees, account = user.has_perm("credit.view_creditaccount"), asked.limit_change.account_id  # type: ignore[union-attr]
    return {
        "checks": [],
        "credit": credit_of(account, company_day(at)) if sees else None,
        "precedents": None,
        "advice": None,
        "place": None,
        "changes": [],
        "conditions": [],
    }


def _answering(asked: ApprovalRequest, user: User, at: datetime) -> dict[str, Any]:
    """What an answer would do, for whoever has a seat; instead of whom they would give it."""
    found = None
    if asked.state == RequestState.OPEN and subject_of(asked).can_decide(user):
        found = seat_for(asked, user, company_day(at))
    if found is None:
        return {"effect": "", "instead_of": None}
    seat, absent = found
    asked_now = asked.seats.filter(state=SeatState.ASKED, round=asked.round)
    return {
        "effect": effect(asked, asked_now.select_related("person"), seat),
        "instead_of": User.objects.get(pk=absent).display_name if absent else None,
    }


def _actions(asked: ApprovalRequest, user: User, talked: bool) -> list[str]:
    """The verbs that the user may use on the request now, besides answering."""
    if asked.state != RequestState.OPEN:
        return []
    able = {
        "ask": policies.can_ask(user, asked),
        "reply": talked and policies.can_reply(user, asked),
        "withdraw": policies.can_withdraw(user, asked),
    }
    return [name for name, may in able.items() if may]
