from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.actions import declare_actions, keep_inside


class RequestState(TextChoices):
    OPEN = "open", pgettext_lazy("request", "waiting")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    RETURNED = "returned", _("returned for change")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("lapsed")


class SeatState(TextChoices):
    """A seat waits until its level is reached, and is spared when its level needs it no more."""

    WAITING = "waiting", _("not asked yet")
    ASKED = "asked", _("asked")
    ANSWERED = "answered", _("answered")
    SPARED = "spared", _("not needed")


class AnswerKind(TextChoices):
    APPROVE = "approve", _("Approved")
    REJECT = "reject", _("Rejected")
    RETURN = "return", _("Returned for change")


class MessageKind(TextChoices):
    QUESTION = "question", _("Question")
    REPLY = "reply", _("Reply")


class LapseReason(TextChoices):
    """Why an approval stands no more."""

    AMENDED = "amended", _("the order was changed beyond what was approved")
    EXPIRED = "expired", _("it was older than the policy allows when the order was to ship")


@declare_actions
class ApprovalAction(TextChoices):
    OPENED = "approval.opened", _("Approval requested")
    ENDORSED = "approval.endorsed", _("Approved, others are asked as well")
    APPROVED = "approval.approved", _("Request approved")
    REJECTED = "approval.rejected", _("Request rejected")
    RETURNED = "approval.returned", _("Returned for change")
    WITHDRAWN = "approval.withdrawn", _("Request withdrawn")
    LAPSED = "approval.lapsed", _("Approval lapsed")
    REFRESHED = "approval.refreshed", _("Figures of the request brought up to date")
    REROUTED = "approval.rerouted", _("Asked anew from the first level")
    ASKED = "approval.asked", _("Question asked")
    REPLIED = "approval.replied", _("Question answered")
    REMINDED = "approval.reminded", _("Approvers reminded")
    ESCALATED = "approval.escalated", _("Request escalated")
    STUCK = "approval.stuck", _("Nobody can decide the request")
    FREED = "approval.freed", _("Somebody can decide the request again")


# Their reasons are what colleagues ask and answer each other.
keep_inside(ApprovalAction.ASKED, ApprovalAction.REPLIED)
