from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from approvals.enums import RequestState, SeatState

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

    def waiting_for(self, user: "User", day: date) -> "ApprovalRequestQuerySet":
        """Open requests that this user is asked about on a company day, also in place of others.

        Never those about orders of their own, nor those that they have answered.
        """
        from approvals.eligible import hats
        from approvals.models import Answer, Seat

        if not user.has_perm("approvals.decide"):
            return self.none()
        places = Q()
        for hat in hats(user, day):
            fits = Q(role__in=hat.roles) | Q(person=hat.user_id)
            places |= fits & ~_own(hat.user_id, "request__")
        now = {"request": OuterRef("pk"), "round": OuterRef("round")}
        asked = Exists(Seat.objects.filter(places, state=SeatState.ASKED, **now))
        answered = Exists(Answer.objects.filter(by=user, **now))
        return self.for_user(user).open().filter(asked, ~answered).exclude(_own(user.pk))


def _own(user_id: int, prefix: str = "") -> Q:
    """Requests about an order that somebody requested the release of, submitted, or owns."""
    names = ("requested_by", "order_owner", "order__submitted_by")
    return Q(*((f"{prefix}{name}", user_id) for name in names), _connector=Q.OR)
