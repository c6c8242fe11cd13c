"""What somebody who asks for many things at once is told of each."""

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from credit.lifecycle import CreditError
from orders.errors import OrderError
from orders.models import Decision, Order

# What a verb refuses one order with, and leaves the others alone.
REFUSALS = (PermissionDenied, ObjectDoesNotExist, OrderError, CreditError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one order among many: the order as it is now, or why it was refused.

    `decision` is the gate's, where it was asked.
    """

    order: Order | None = None
    decision: Decision | None = None
    refusal: Exception | None = None
