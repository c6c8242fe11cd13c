"""What people are told about requests, in their inbox and by mail."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from approvals.eligible import Candidate
from approvals.models import ApprovalRequest, Message, Seat
from approvals.sentences import asked_text, words
from approvals.subjects import subject_of
from staff.inbox import declare, notify, settle
from staff.models import Notice, User
from staff.roles import Role

Able = Iterable[Candidate]
Told = dict[int, set[int]]


def told(able: Sequence[tuple[Seat, Collection[Candidate]]]) -> Told:
    """By seat, who of those who can answer from it was asked to."""
    keys = {key: seat.pk for seat, _people in able for key in _asking(seat)}
    people = {each.user_id for _seat, candidates in able for each in candidates}
    found: Told = defaultdict(set)
    known = Notice.objects.filter(to__in=sorted(people), key__in=list(keys)).order_by()
    for key, user_id in known.values_list("key", "to"):
        found[keys[key]].add(user_id)
    return found


def asked(request: ApprovalRequest, seat: Seat, able: Able, at: datetime) -> None:
    """Tell everybody who may answer from a seat that they are asked."""
    _tell(request, "approval.asked", _ids(able), f"asked-{seat.pk}", at)


def reminded(request: ApprovalRequest, seat: Seat, able: Able, at: datetime) -> None:
    """Remind them when the time is nearly over."""
    _tell(request, "approval.reminded", _ids(able), f"reminded-{seat.pk}", at)


def escalated(request: ApprovalRequest, seat: Seat, able: Able, at: datetime) -> None:
    """Tell those who are asked because others did not answer, or cannot."""
    _tell(request, "approval.escalated", _ids(able), f"escalated-{seat.pk}", at)


def stuck(request: ApprovalRequest, at: datetime) -> None:
    """Tell administrators that nobody can decide a request, so that they find somebody."""
    people = User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR)
    key = f"stuck-{at.isoformat()}"  # it may be stuck again
    _tell(request, "approval.stuck", people.values_list("pk", flat=True), key, at)


def answered(seats: Iterable[Seat], at: datetime) -> None:
    """Let go of what asked for answers from seats that need none any more."""
    found = [(seat, _asking(seat)) for seat in seats]
    reminders = [_key(seat.request_id, f"reminded-{seat.pk}") for seat, _keys in found]
    settle(keys=[*(key for _seat, keys in found for key in keys), *reminders], at=at)


def decided(request: ApprovalRequest, at: datetime) -> None:
    """Tell whoever submitted and whoever owns the order how its request ended."""
    by = request.decided_by
    more = {"state": request.state, "by": str(by), "comment": request.comment}
    _tell(request, "approval.decided", _own(request), "decided", at, **more)


def lapsed(request: ApprovalRequest, at: datetime) -> None:
    """Tell them, and all who answered, that the approval stands no more."""
    people = [*_own(request), *request.answers.values_list("by", flat=True)]
    _tell(request, "approval.lapsed", people, "lapsed", at, why=request.lapse_reason)


def question(message: Message, at: datetime) -> None:
    """Tell whoever is asked."""
    more = {"by": str(message.by), "text": message.text}
    request, key = message.request, f"message-{message.pk}"
    _tell(request, "approval.question", [message.to_id], key, at, **more)


def reply(message: Message, at: datetime) -> None:
    """Tell everybody who asked something about the request."""
    askers = set(message.request.messages.filter(to__isnull=False).values_list("by", flat=True))
    more = {"by": str(message.by), "text": message.text}
    people = askers - {message.by_id}
    _tell(message.request, "approval.reply", people, f"message-{message.pk}", at, **more)


def _tell(
    request: ApprovalRequest,
    kind: str,
    to: Iterable[int | None],
    key: str,
    at: datetime,
    **more: str,
) -> None:
    data = subject_of(request).facts
    notify(
        to={pk for pk in to if pk is not None},
        kind=kind,
        data=data | more,
        path=reverse("approvals:detail", args=[request.pk]),
        key=_key(request.pk, key),
        at=at,
    )


def _key(request_id: int, key: str) -> str:
    return f"approval-{request_id}-{key}"


def _asking(seat: Seat) -> list[str]:
    return [_key(seat.request_id, f"{kind}-{seat.pk}") for kind in ("asked", "escalated")]


def _ids(able: Able) -> list[int]:
    return [each.user_id for each in able]


def _own(request: ApprovalRequest) -> list[int]:
    return [request.requested_by_id, request.order_owner_id]


declare(
    "approval.asked",
    label=_("Asked to decide"),
    subject=words("asked"),
    text=asked_text,
    needs="approvals.decide",
)
declare(
    "approval.reminded",
    label=_("Reminder to decide"),
    subject=words("reminded"),
    text=asked_text,
    needs="approvals.decide",
)
declare(
    "approval.escalated",
    label=_("Asked because others did not answer"),
    subject=words("escalated"),
    text=asked_text,
    needs="approvals.decide",
)
declare(
    "approval.stuck",
    label=_("Nobody can decide a request"),
    subject=words("stuck"),
    text=words("stuck_text"),
)
declare(
    "approval.decided",
    label=_("A request was decided"),
    subject=words("decided"),
    text=words("decided_text"),
)
declare(
    "approval.lapsed",
    label=_("An approval lapsed"),
    subject=words("lapsed"),
    text=words("lapsed_text"),
)
declare(
    "approval.question",
    label=_("Asked a question"),
    subject=words("question"),
    text=lambda data: data["text"],
)
declare(
    "approval.reply",
    label=_("A question was answered"),
    subject=words("reply"),
    text=lambda data: data["text"],
)
