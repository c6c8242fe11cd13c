"""What can be wrong with what somebody asks of an order; each message says what to do."""


class OrderError(ValueError):
    """The order cannot do this now, or not like this."""


class WrongState(OrderError):
    """The order is not in a state from which this can happen."""


class StaleOrder(OrderError):
    """Somebody changed the order since the page was opened."""


class AlreadyThere(OrderError):
    """The source sent an order with this number before; `order_id` is that one."""

    def __init__(self, message: str, order_id: int) -> None:
        super().__init__(message)
        self.order_id = order_id


class InFuture(OrderError):
    """An event was given a time that has not come yet."""


class OrderHeld(OrderError):
    """The order is held and cannot ship."""


class ConditionsOpen(OrderHeld):
    """The order was released on conditions that what is to ship does not meet yet."""


class ReleaseLapsed(OrderError):
    """The release was too old to ship on, and the order went back to the approvers."""


class TooEarly(OrderError):
    """Something that has to happen before has not happened yet."""


class EventAwaited(TooEarly):
    """What another system told names a message that has to count before it."""


class ReasonsChanged(OrderError):
    """The check now finds more than the approver saw when deciding."""


class InvalidQuantity(OrderError):
    """More of a line was named than there is, or nothing at all."""


class InvalidLine(OrderError):
    """A line of the order is impossible as entered."""
