"""What people are told about requests, in their inbox and by mail."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.eligible import Candidate
from approvals.enums import LapseReason, RequestState
from approvals.models import ApprovalRequest, Message, Seat
from staff.inbox import declare, notify
from staff.models import Notice, User
from staff.roles import Role

Data = Mapping[str, Any]
Able = Iterable[Candidate]
Told = dict[int, set[int]]


def told(able: Sequence[tuple[Seat, Collection[Candidate]]]) -> Told:
    """By seat, who of those who can answer from it was asked to."""
    keys = {
        _key(seat.request_id, f"{kind}-{seat.pk}"): seat.pk
        for seat, _people in able
        for kind in ("asked", "escalated")
    }
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
    order = request.order
    data = {
        "order": order.number,
        "customer": order.customer.name,
        "amount": str(request.amount),
        "currency": request.currency,
        "excess": str(request.decision.excess),
        "excess_currency": request.decision.currency,
    }
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


def _ids(able: Able) -> list[int]:
    return [each.user_id for each in able]


def _own(request: ApprovalRequest) -> list[int]:
    return [request.requested_by_id, request.order_owner_id]


def _figures(data: Data) -> dict[str, Any]:
    def money(amount: str, currency: str) -> str:
        return f"{number_format(Decimal(amount), 2, force_grouping=True)} {currency}"

    return {
        **data,
        "amount": money(data["amount"], data["currency"]),
        "excess": money(data["excess"], data["excess_currency"]),
    }


def _asked_text(data: Data) -> str:
    text = _(
        "Order %(order)s of %(customer)s over %(amount)s needs your decision. "
        "It passes the limit by %(excess)s."
    )
    return text % _figures(data)


def _decided_subject(data: Data) -> str:
    text = _("Order %(order)s of %(customer)s: %(state)s")
    return text % {**data, "state": RequestState(data["state"]).label}


def _decided_text(data: Data) -> str:
    text = _("%(by)s answered: %(state)s. “%(comment)s”")
    return text % {**data, "state": RequestState(data["state"]).label}


def _lapsed_text(data: Data) -> str:
    text = _("The approval of order %(order)s stands no more: %(why)s.")
    return text % {**data, "why": LapseReason(data["why"]).label}


declare(
    "approval.asked",
    label=gettext_lazy("Asked to decide"),
    subject=lambda data: _("Please decide: order %(order)s of %(customer)s") % data,
    text=_asked_text,
)
declare(
    "approval.reminded",
    label=gettext_lazy("Reminder to decide"),
    subject=lambda data: _("Still waiting for you: order %(order)s of %(customer)s") % data,
    text=_asked_text,
)
declare(
    "approval.escalated",
    label=gettext_lazy("Asked because others did not answer"),
    subject=lambda data: _("Escalated to you: order %(order)s of %(customer)s") % data,
    text=_asked_text,
)
declare(
    "approval.stuck",
    label=gettext_lazy("Nobody can decide a request"),
    subject=lambda data: _("Nobody can decide about order %(order)s") % data,
    text=lambda data: (
        _(
            "Everybody who is asked about order %(order)s of %(customer)s is away without a "
            "substitute, or may not decide about it. Name a substitute or change the matrix."
        )
        % data
    ),
)
declare(
    "approval.decided",
    label=gettext_lazy("A request was decided"),
    subject=_decided_subject,
    text=_decided_text,
)
declare(
    "approval.lapsed",
    label=gettext_lazy("An approval lapsed"),
    subject=lambda data: _("The approval of order %(order)s lapsed") % data,
    text=_lapsed_text,
)
declare(
    "approval.question",
    label=gettext_lazy("Asked a question"),
    subject=lambda data: _("%(by)s asks about order %(order)s") % data,
    text=lambda data: data["text"],
)
declare(
    "approval.reply",
    label=gettext_lazy("A question was answered"),
    subject=lambda data: _("%(by)s replied about order %(order)s") % data,
    text=lambda data: data["text"],
)
