"""Who may do what to a ticket, whatever state it is in."""

from collections.abc import Callable

from exceptions.process.models import Ticket
from orders.models import Order
from orders.policies import can_see as can_see_order
from staff.models import ServiceUser, User


def can_see(user: User, ticket: Ticket) -> bool:
    """The rule of `TicketQuerySet.for_user`, for one ticket."""
    if not user.has_perm("exceptions.view_ticket"):
        return False
    mine = user.pk == ticket.assignee_id or _sees_subject(user, ticket)
    return mine or (user.has_perm("exceptions.work_ticket") and _is_of_department(user, ticket))


def can_work(user: User, ticket: Ticket) -> bool:
    """The people of the department that answers for it, whoever it was assigned to, and systems.

    A system that works on tickets does so for the whole company, in the name of its key.
    """
    answers = _is_of_department(user, ticket) or user.pk == ticket.assignee_id
    answers = answers or isinstance(user, ServiceUser)
    return answers and user.has_perm("exceptions.work_ticket") and can_see(user, ticket)


def can_comment(user: User, ticket: Ticket) -> bool:
    """Everybody who works on tickets may add what they know to one they can see."""
    return user.has_perm("exceptions.work_ticket") and can_see(user, ticket)


def can_open(user: User, order: Order) -> bool:
    """Everybody who works on tickets may open one about an order they can see."""
    return user.has_perm("exceptions.work_ticket") and can_see_order(user, order)


def can_be_assigned(user: User, ticket: Ticket) -> bool:
    """Whoever works on tickets, in the department that answers for this one."""
    return (
        user.is_active
        and _is_of_department(user, ticket)
        and user.has_perm("exceptions.work_ticket")
    )


def _sees_subject(user: User, ticket: Ticket) -> bool:
    if ticket.order is None:
        return user.has_perm("credit.view_all_customers")
    return can_see_order(user, ticket.order)


def _is_of_department(user: User, ticket: Ticket) -> bool:
    return user.department_id == ticket.department_id


# The verbs that a ticket page offers, most likely one first.
TABLE: dict[str, Callable[[User, Ticket], bool]] = {
    "take": can_work,
    "start": can_work,
    "close": can_work,
    "assign": can_work,
    "comment": can_comment,
    "reopen": can_work,
    "mark_wrong": can_work,
}
