"""Questions about a request, and the replies to them."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from approvals import notices, policies
from approvals.enums import ApprovalAction, MessageKind
from approvals.errors import RequestError
from approvals.lifecycle.parts import guard_open, guard_text, tell
from approvals.models import ApprovalRequest, Message
from approvals.subjects import subject_of
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def ask(*, request_id: int, by: User, text: str, at: datetime, to_id: int | None = None) -> Message:
    """Ask something about a request, of its salesperson unless somebody else is named.

    Raises PermissionDenied, or RequestError for an answered request, without a text, and for
    somebody who cannot reply: who cannot see the order, has left, or asks.
    """
    request = _lock(request_id)
    if not policies.can_ask(by, request):
        raise PermissionDenied(_("You may not ask about this request."))
    guard_open(request)
    to = _asked(request, by, to_id)
    made = Message.objects.create(
        request=request, kind=MessageKind.QUESTION, by=by, to=to, text=guard_text(text), at=at
    )
    tell(request, ApprovalAction.ASKED, by=by, at=at, reason=made.text, of=to.pk)
    notices.question(made, at)
    return made


@transaction.atomic
def reply(*, request_id: int, by: User, text: str, at: datetime) -> Message:
    """Reply on the thread of a request; whoever asked is told.

    Raises PermissionDenied, or RequestError for an answered request and without a text.
    """
    request = _lock(request_id)
    if not policies.can_reply(by, request):
        raise PermissionDenied(_("You may not reply here."))
    guard_open(request)
    made = Message.objects.create(
        request=request, kind=MessageKind.REPLY, by=by, text=guard_text(text), at=at
    )
    tell(request, ApprovalAction.REPLIED, by=by, at=at, reason=made.text)
    notices.reply(made, at)
    return made


def _asked(request: ApprovalRequest, by: User, to_id: int | None) -> User:
    to = User.objects.filter(pk=to_id or request.order_owner_id, is_active=True).first()
    if to is None or to == by or not subject_of(request).can_see(to):
        raise RequestError(_("Ask somebody else who can see the request."))
    return to


def _lock(request_id: int) -> ApprovalRequest:
    # Two statements: one that waits sees the row as it became, but not the new decision it names.
    ApprovalRequest.objects.locked().only("pk").get(pk=request_id)
    return ApprovalRequest.objects.with_subject().get(pk=request_id)
