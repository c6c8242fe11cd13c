"""Why something about credit cannot be done."""


class CreditError(ValueError):
    """A change to an account that cannot be made; the message says what to do."""
