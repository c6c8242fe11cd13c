"""Who may answer an approval request."""

from approvals.models import ApprovalRequest
from orders.policies import can_decide as can_decide_order
from staff.models import User


def can_decide(user: User, request: ApprovalRequest) -> bool:
    """Whoever may decide about the order, but never the one who requested it."""
    return can_decide_order(user, request.order) and user.pk not in (
        request.requested_by_id,
        request.order_owner_id,
    )
