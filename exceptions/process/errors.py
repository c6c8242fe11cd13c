"""What can be wrong with what somebody asks of a ticket; each message says what to do."""


class TicketError(ValueError):
    """The ticket cannot do this now, or not like this."""


class WrongState(TicketError):
    """The ticket is not in a state from which this can happen."""


class RecordIncomplete(TicketError):
    """A closing record lacks something; `missing` names its field."""

    def __init__(self, message: str, missing: str) -> None:
        self.missing = missing
        super().__init__(message)
