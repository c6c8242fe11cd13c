from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from approvals.enums import RequestState

if TYPE_CHECKING:
    from staff.models import User


class ApprovalRequestQuerySet(models.QuerySet[Any]):
    def for_user(self, user: "User") -> "ApprovalRequestQuerySet":
        """The requests this user may see: all, or those about orders of their customers."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(Q(order_owner=user) | Q(order__customer__owner=user))

    def locked(self) -> "ApprovalRequestQuerySet":
        """Lock the request rows in id order."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def open(self) -> "ApprovalRequestQuerySet":
        return self.filter(state=RequestState.OPEN)

    def waiting_for(self, user: "User") -> "ApprovalRequestQuerySet":
        """Open requests that this user may decide; never those about orders of their own."""
        if not user.has_perm("approvals.decide"):
            return self.none()
        return self.for_user(user).open().exclude(Q(requested_by=user) | Q(order_owner=user))
