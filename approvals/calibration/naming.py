"""Whose figures a person may see, and what reasons are called."""

from collections.abc import Iterable, Mapping

from django.utils.text import capfirst

from approvals.enums import AnswerKind, RequestState
from approvals.models import Answer, ApprovalRequest
from credit.enums import CheckCode, Verdict
from credit.sentences import RULE, label
from staff.models import User


def sees_everybody(user: User) -> bool:
    """Whether `user` may see the figures of every approver; else only their own."""
    return user.has_perm("approvals.view_calibration")


def approvers(user: User) -> Iterable[User]:
    """The approvers whose figures `user` may see, by name."""
    if not sees_everybody(user):
        return [user]
    said = Answer.objects.filter(kind=AnswerKind.APPROVE)
    return User.objects.filter(pk__in=said.values("by")).order_by("full_name", "pk")


def reason_name(code: str, names: Mapping[str, str] | None) -> str:
    """What a check is called; `names` are those of a gate rule in each language."""
    figures = {"names": names or {"en": code.removeprefix(RULE)}}
    return capfirst(label({"code": code, "figures": figures}))


def reasons(asked: str) -> list[tuple[str, str]]:
    """Checks to choose from: those of every policy, and the gate rule that is asked for."""
    found = [(code, capfirst(str(name))) for code, name in CheckCode.choices]
    if not asked.startswith(RULE):
        return found
    seen = [{"code": asked, "verdict": Verdict.BLOCKED.value}]
    approved = ApprovalRequest.objects.filter(
        state=RequestState.APPROVED, decision__checks__contains=seen
    )
    request = approved.select_related("decision").order_by("-pk").first()
    if request is None or request.decision is None:
        return found
    check = next(each for each in request.decision.reasons if each["code"] == asked)
    return [*found, (asked, capfirst(label(check)))]
