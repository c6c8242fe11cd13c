"""What keeps an absence from being taken."""


class AbsenceError(Exception):
    """The words are for the reader; `field` is what they are about, None for the whole."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
