"""Several requests decided at once: which can be taken along, what would happen, what did."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from approvals import lifecycle
from approvals.enums import RequestState
from approvals.forms.deciding import APPROVE
from approvals.models import ApprovalRequest
from approvals.path import effect
from approvals.subjects import about_order
from credit.days import company_day
from orders.errors import OrderError
from staff.models import User

AT_ONCE = 50


@dataclass(frozen=True)
class Pick:
    """A chosen request: what approving it would do, or why it cannot be taken along."""

    request: Any
    effect: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Result:
    """What became of one request; `problem` is empty where it was decided."""

    request: ApprovalRequest
    problem: str = ""


def preview(chosen: Iterable[int], user: User, at: datetime) -> list[Pick]:
    """The chosen requests that `user` may see, those that can be taken along first.

    Alike are cases with the same reasons on the same route; those that most are alike with are
    taken along. The same number of queries however many there are.
    """
    seen = ApprovalRequest.objects.for_user(user).filter(pk__in=list(chosen)[:AT_ONCE])
    found = list(seen.with_what_lists_show().order_by("due_rank", "pk"))
    mine = ApprovalRequest.objects.waiting_for(user, company_day(at))
    waiting = set(mine.filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
    kinds = Counter(_kind(each) for each in found if each.pk in waiting and each.order_id)
    main = kinds.most_common(1)[0][0] if kinds else None
    picks = [_pick(each, user, waiting, main) for each in found]
    return sorted(picks, key=lambda pick: bool(pick.problem))


def decide_each(
    requests: Iterable[ApprovalRequest],
    *,
    answer: str,
    comment: str,
    seen: Mapping[int, int],
    by: User,
    at: datetime,
) -> list[Result]:
    """Decide each request in a transaction of its own; what goes wrong with one is told of it.

    `seen` names the decision whose figures were shown, by request.
    """
    return [_decide(each, answer, comment, seen.get(each.pk, 0), by, at) for each in requests]


def _decide(
    request: ApprovalRequest, answer: str, comment: str, seen: int, by: User, at: datetime
) -> Result:
    words: dict[str, Any] = {"request_id": request.pk, "by": by, "comment": comment, "at": at}
    try:
        if answer == APPROVE:
            done = lifecycle.approve(**words, seen_decision_id=seen)
        else:
            done = lifecycle.reject(**words)
    except (lifecycle.RequestError, OrderError, PermissionDenied) as error:
        return Result(request, str(error))
    return Result(done)


def _pick(request: Any, user: User, waiting: set[int], main: Any) -> Pick:
    if request.pk not in waiting:
        return Pick(request, problem=_why_not(request, user))
    if request.limit_change_id:
        return Pick(request, problem=_("It is about a limit: decide it by itself."))
    if _kind(request) != main:
        return Pick(
            request,
            problem=_("Its reasons or its route differ from the others: decide it by itself."),
        )
    return Pick(request, effect=effect(request, request.asked_seats))


def _why_not(request: ApprovalRequest, user: User) -> str:
    if request.state != RequestState.OPEN:
        text = _("This request is %(state)s already.")
        return text % {"state": RequestState(request.state).label}
    if user.pk in (request.requested_by_id, request.order_owner_id):
        return _("It is about an order of your own.")
    return _("It does not wait for you.")


def _kind(request: ApprovalRequest) -> tuple[frozenset[str], str, int]:
    row = request.route.get("row", "")
    return frozenset(about_order(request).decision.reason_codes), row, request.stage
