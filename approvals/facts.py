"""What rules may ask about the approval that an order waits for."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from approvals.enums import SeatState
from approvals.models import ApprovalRequest, Seat
from rules.facts import Boolean, Fact


def _late(at: datetime) -> Exists:
    """Nobody can answer, or those asked last did not in time.

    What was late once and is not any more was never late, for a rule that asks about the past.
    """
    # Whom a late seat is escalated to is asked last: nobody comes after them.
    over = Seat.objects.filter(
        request=OuterRef("pk"),
        round=OuterRef("round"),
        stage=OuterRef("stage"),
        state=SeatState.ASKED,
        stands_in_for__isnull=False,
        due_at__lte=at,
    )
    asked = ApprovalRequest.objects.filter(order=OuterRef("pk"), opened_at__lte=at)
    waiting = asked.filter(Q(decided_at__isnull=True) | Q(decided_at__gt=at))
    return Exists(waiting.filter(Q(stuck_since__lte=at) | Exists(over)))


APPROVAL: tuple[Fact, ...] = (
    Boolean(
        name="order.approval_late",
        label=_("answer to the approval request"),
        source=_late,
        yes=_("overdue after escalation, or nobody can give it"),
        no=_("not overdue"),
    ),
)
