"""Files belong to requested limits: whoever may see the request sees them."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from approvals.models import ApprovalRequest, LimitChange
from journal.attachments.subjects import Kind, declare
from staff.models import User


def _seen_by(user: User) -> QuerySet[Any]:
    if not user.has_perm("approvals.view_approvalrequest"):
        return LimitChange.objects.none()
    requests = ApprovalRequest.objects.for_user(user).filter(limit_change__isnull=False)
    return LimitChange.objects.filter(pk__in=requests.values("limit_change"))


def _page(change: Any) -> str:
    asked = ApprovalRequest.objects.values_list("pk", flat=True).get(limit_change=change)
    return reverse("approvals:detail", args=[asked])


declare(Kind(code="limit", model=LimitChange, seen_by=_seen_by, page=_page))
