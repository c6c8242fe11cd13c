"""Who may do what with an approval request."""

from datetime import datetime

from approvals.eligible import seat_for
from approvals.models import ApprovalRequest
from credit.days import company_day
from orders.policies import can_decide as can_decide_order
from orders.policies import can_see
from staff.models import User


def can_decide(user: User, request: ApprovalRequest, at: datetime) -> bool:
    """Whoever has a seat at the level that is asked now, for themselves or a colleague away."""
    return (
        can_decide_order(user, request.order)
        and seat_for(request, user, company_day(at)) is not None
    )


def can_ask(user: User, request: ApprovalRequest) -> bool:
    """Approvers ask about the orders of others."""
    return can_decide_order(user, request.order)


def can_reply(user: User, request: ApprovalRequest) -> bool:
    """Whoever submitted or owns the order, whoever is asked, and approvers who know."""
    own = user.pk in (request.requested_by_id, request.order_owner_id)
    asked = request.messages.filter(to=user).exists()
    return own or asked or (can_ask(user, request) and can_see(user, request.order))
