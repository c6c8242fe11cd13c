"""Who may do what with an approval request."""

from datetime import datetime

from approvals.eligible import seat_for
from approvals.models import ApprovalRequest
from approvals.subjects import subject_of
from credit import policies as credit
from credit.days import company_day
from credit.models import CreditAccount
from staff.models import User


def can_decide(user: User, request: ApprovalRequest, at: datetime) -> bool:
    """Whoever has a seat at the level that is asked now, for themselves or a colleague away."""
    return (
        subject_of(request).can_decide(user)
        and seat_for(request, user, company_day(at)) is not None
    )


def can_ask(user: User, request: ApprovalRequest) -> bool:
    """Approvers ask about the orders and the customers of others."""
    return subject_of(request).can_decide(user)


def can_reply(user: User, request: ApprovalRequest) -> bool:
    """Whoever submitted or owns the order, whoever is asked, and approvers who know."""
    own = user.pk in (request.requested_by_id, request.order_owner_id)
    asked = request.messages.filter(to=user).exists()
    return own or asked or (can_ask(user, request) and subject_of(request).can_see(user))


def can_request_limit(user: User, account: CreditAccount) -> bool:
    """Whoever looks after the customer or all customers, with the right to request changes."""
    return user.has_perm("approvals.request_limit_change") and credit.can_see(user, account)


def can_withdraw(user: User, request: ApprovalRequest) -> bool:
    """Whoever requested a change of a limit; a request about an order follows the order."""
    return request.limit_change_id is not None and user.pk == request.requested_by_id
