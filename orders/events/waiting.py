"""What a message that cannot be applied now may wait for. Pure."""

from orders.enums import SHIPPABLE, UNSHIPPED, EventKind, OrderState
from orders.errors import (
    ConditionsOpen,
    EventAwaited,
    InvalidQuantity,
    OrderHeld,
    ReleaseLapsed,
    TooEarly,
    WrongState,
)
from orders.models import Order

# States in which an order has yet to be released.
_UNRELEASED = (OrderState.DRAFT, *(state for state in UNSHIPPED if state != OrderState.APPROVED))
_LEAVING = (*_UNRELEASED, *SHIPPABLE)
# In which states a message of a kind still has its time ahead.
_AHEAD = {
    EventKind.PAYMENT: (OrderState.DRAFT,),
    EventKind.ALLOCATED: _UNRELEASED,
    EventKind.PICKED: _UNRELEASED,
    EventKind.SHIPPED: _UNRELEASED,
    EventKind.DELIVERED: _LEAVING,
    EventKind.RETURNED: _LEAVING,
    EventKind.INVOICED: _UNRELEASED,
}
# What can be put right, by a person or by another message.
_PASSING = (OrderHeld, ConditionsOpen, ReleaseLapsed, EventAwaited)


def can_come(kind: str, order: Order, refusal: Exception) -> bool:
    """Whether what the verb lacks may still happen, so that the message waits for it.

    `order` is as it stands after the refusal.
    """
    if isinstance(refusal, _PASSING):
        return True
    if isinstance(refusal, TooEarly):
        # Money may come at any time; a shipment only as long as something is left to ship.
        return kind != EventKind.SCANNED or order.state in _LEAVING
    if isinstance(refusal, InvalidQuantity):
        # More came back than is known to have left: the rest of it may be under way.
        return kind == EventKind.RETURNED and order.state in _LEAVING
    return isinstance(refusal, WrongState) and order.state in _AHEAD.get(EventKind(kind), ())
