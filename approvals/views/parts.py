"""The parts that the pages of orders' requests and of limits' requests share."""

from datetime import datetime
from typing import Any

from approvals import policies
from approvals.enums import RequestState
from approvals.forms.deciding import AskForm, ReplyForm
from approvals.models import ApprovalRequest
from approvals.thread import people_to_ask, thread
from credit.days import company_day
from journal.attachments.policies import can_attach
from staff.models import User


def level_of(asked: ApprovalRequest) -> str:
    """Where the request stands, to tell whether it went on since it was shown."""
    return f"{asked.round}-{asked.stage}"


def next_request(asked: ApprovalRequest, user: User, at: datetime) -> ApprovalRequest | None:
    """The request that waits for this user next, by its deadline."""
    waiting = ApprovalRequest.objects.waiting_for(user, company_day(at)).exclude(pk=asked.pk)
    found: ApprovalRequest | None = waiting.with_clock().order_by("due_rank", "pk").first()
    return found


def matter_of(asked: ApprovalRequest) -> Any:
    """What files about the request are attached to: the limit that is asked for, or the order."""
    matter: Any = asked.limit_change or asked.order
    return matter


def reply_form(
    asked: ApprovalRequest, user: User, data: Any = None, files: Any = None
) -> ReplyForm:
    """A reply, with files for whoever may attach some to what is decided about."""
    may = can_attach(user, matter_of(asked))
    return ReplyForm(data, files, may_attach=may, auto_id="reply_%s")


def thread_parts(
    asked: ApprovalRequest, ask: AskForm | None, reply: ReplyForm | None, user: User
) -> dict[str, Any]:
    """The questions and replies, with the forms for those who may ask or reply."""
    waits = asked.state == RequestState.OPEN
    context: dict[str, Any] = {"thread": thread(asked)}
    if waits and policies.can_ask(user, asked):
        context["ask"] = ask or AskForm(people=people_to_ask(asked, user), auto_id="ask_%s")
    if waits and context["thread"].said and policies.can_reply(user, asked):
        context["reply"] = reply or reply_form(asked, user)
    return context
