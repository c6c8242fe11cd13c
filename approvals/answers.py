"""The answer of a filled-in form, given, and what came of it in words."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from approvals import lifecycle
from approvals.enums import RequestState
from approvals.forms.deciding import REJECT, RETURN, DecideForm
from approvals.forms.limits import LimitDecideForm
from approvals.models import ApprovalRequest
from staff.models import User


def give(
    asked: ApprovalRequest, form: DecideForm | LimitDecideForm, by: User, at: datetime
) -> ApprovalRequest:
    """Carry out the answer of a valid form. Raises what the verbs raise."""
    chosen = form.cleaned_data
    words: dict[str, Any] = {
        "request_id": asked.pk,
        "by": by,
        "comment": chosen["comment"],
        "at": at,
    }
    if chosen["answer"] == REJECT:
        return lifecycle.reject(**words)
    if chosen["answer"] == RETURN:
        return lifecycle.send_back(**words)
    return lifecycle.approve(
        **words, seen_decision_id=chosen["seen_decision"], conditions=form.conditions
    )


def outcome_words(done: ApprovalRequest) -> str:
    """What an answer led to, as a sentence."""
    if done.limit_change_id:
        return _limit_words(done)
    order = {"order": done.order}
    if done.state == RequestState.APPROVED:
        return _("Order %(order)s is released.") % order
    if done.state == RequestState.REJECTED:
        return _("Order %(order)s is rejected.") % order
    if done.state == RequestState.RETURNED:
        return _("Order %(order)s is returned to its salesperson as a draft.") % order
    return _("Your approval of order %(order)s counts; others are asked as well.") % order


def _limit_words(done: ApprovalRequest) -> str:
    who = {"customer": done.customer}
    if done.state == RequestState.APPROVED:
        return _("The limit of %(customer)s is granted.") % who
    if done.state == RequestState.REJECTED:
        return _("The change of the limit of %(customer)s is rejected.") % who
    if done.state == RequestState.RETURNED:
        return (
            _("The change of the limit of %(customer)s is returned to whoever requested it.") % who
        )
    return _("Your approval of the limit of %(customer)s counts; others are asked as well.") % who
