from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from exceptions.process.enums import Outcome, TicketState

if TYPE_CHECKING:
    from exceptions.process.models import Ticket  # noqa: F401 - named in a string below
    from staff.models import User


class TicketQuerySet(models.QuerySet["Ticket"]):
    def for_user(self, user: "User") -> "TicketQuerySet":
        """The tickets this user may see.

        All, with the right to see all customers; else those of the orders they look after, those
        assigned to them, and, for people who work on tickets, those of their department.
        """
        if user.has_perm("credit.view_all_customers"):
            return self
        mine = Q(order__owner=user) | Q(order__customer__owner=user) | Q(assignee=user)
        if user.department_id and user.has_perm("exceptions.work_ticket"):
            mine |= Q(department=user.department_id)
        return self.filter(mine)

    def locked(self) -> "TicketQuerySet":
        """Lock the ticket rows in id order."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def open(self) -> "TicketQuerySet":
        """Everything that is not closed."""
        return self.exclude(state=TicketState.CLOSED)

    def closed(self) -> "TicketQuerySet":
        return self.filter(state=TicketState.CLOSED)

    def wrong(self) -> "TicketQuerySet":
        """Closed tickets that should never have been raised: what the precision of rules counts."""
        wrong = Q(outcome=Outcome.FALSE_POSITIVE) | Q(wrong_at__isnull=False)
        return self.closed().filter(wrong)

    def mine_open(self, user: "User") -> "TicketQuerySet":
        """Open tickets that wait for this user: their own, and their department's unclaimed."""
        if not user.has_perm("exceptions.work_ticket"):
            return self.none()
        unclaimed = Q(assignee__isnull=True, department=user.department_id)
        return self.open().filter(Q(assignee=user) | unclaimed)

    def of_department(self, user: "User") -> "TicketQuerySet":
        """Open tickets of the user's department, whoever works on them."""
        return self.open().filter(department=user.department_id)

    def at_risk(self, at: datetime) -> "TicketQuerySet":
        """Open tickets whose next deadline has passed or is in the last quarter of its time."""
        return self.open().filter(risk_at__lte=at)

    def breached(self, at: datetime) -> "TicketQuerySet":
        """Open tickets whose next deadline has passed."""
        return self.open().filter(due_at__lt=at)

    def with_what_lists_show(self) -> "TicketQuerySet":
        return self.select_related("rule", "order__customer", "department", "assignee")
