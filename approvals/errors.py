"""Why something about a request cannot be done."""


class RequestError(ValueError):
    """The request cannot be answered now, or not like this; the message says what to do."""
