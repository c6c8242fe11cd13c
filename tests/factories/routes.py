"""Matrices that route every order the same way, and answers along them."""

from approvals import lifecycle
from approvals.enums import SeatState
from approvals.matrix.content import clean
from approvals.matrix.enums import MatrixState, Purpose
from approvals.matrix.models import MatrixVersion
from approvals.models import ApprovalRequest
from journal.models import Entry
from staff.models import Notice, User
from tests.factories import orders
from tests.factories.moments import EARLIER, NOW


def _seat(who):
    return {"person": who.pk} if isinstance(who, User) else {"role": str(who)}


def level(*seats, need="any", hours=8, escalate=None):
    """A level that asks these roles and people."""
    return {
        "need": need,
        "seats": [_seat(each) for each in seats],
        "hours": hours,
        "escalate": _seat(escalate) if escalate else None,
    }


def row(code, *levels, **values):
    """A row for every order, unless `values` narrow it."""
    wide = {
        "purpose": Purpose.ORDER.value,
        "excess": ["0.00", None],
        "percent": ["0", None],
        "amount": ["0.00", None],
        "risk_classes": [],
        "segments": [],
        "reasons": [],
    }
    return wide | {"code": code, "names": {"en": code}, "stages": list(levels)} | values


def matrix(*levels, rows=None, at=EARLIER):
    """The matrix in force: its one row has these levels."""
    versions = MatrixVersion.objects
    versions.published().update(state=MatrixState.RETIRED, retired_at=at)
    return versions.create(
        number=versions.latest("number").number + 1,
        state=MatrixState.PUBLISHED,
        content=clean({"currency": "CNY", "rows": rows or [row("every", *levels)]}),
        created_at=at,
        published_at=at,
    )


def asked(*levels, total="90.00", at=NOW, **account_values):
    """The request of an order over its limit, routed through these levels."""
    matrix(*levels)
    account_values.setdefault("limit", "50.00")
    limit = account_values.pop("limit")
    account = orders.credit.account(limit, **account_values)
    return orders.open_request(orders.submit(orders.draft(account, total, at=at), at=at))


def answer(request, verb="approve", *, by, at=NOW, comment="known for years", **extra):
    """The request after that answer; figures as they were shown last."""
    if verb == "approve":
        extra.setdefault("seen_decision_id", again(request).decision_id)
    return getattr(lifecycle, verb)(request_id=request.pk, by=by, comment=comment, at=at, **extra)


def again(request):
    """The request as it is stored now."""
    return ApprovalRequest.objects.select_related("order").get(pk=request.pk)


def seats(request, *states):
    """Its seats in the round, as (level, role or person, state)."""
    request = again(request)
    found = request.seats.filter(round=request.round, state__in=states or SeatState.values)
    return [(seat.stage, seat.role or seat.person_id, seat.state) for seat in found]


def waiting(user, day):
    """The requests that wait for this user."""
    return list(ApprovalRequest.objects.waiting_for(user, day))


def told(request, kind):
    """Who got a notice of that kind about the request, in the order of their ids."""
    notices = Notice.objects.filter(kind=f"approval.{kind}", key__startswith=_key(request))
    return sorted(notices.values_list("to", flat=True))


def _key(request):
    return f"approval-{request.pk}-"


def written(request):
    """What the journal says of the request: short actions in their order."""
    entries = Entry.objects.filter(subject_type="approvals.approvalrequest", subject_id=request.pk)
    return [
        action.partition(".")[2]
        for action in entries.order_by("pk").values_list("action", flat=True)
    ]
