"""Why something about the approval matrix cannot be done."""


class MatrixError(ValueError):
    """A change that cannot be made; the message says what to do."""
