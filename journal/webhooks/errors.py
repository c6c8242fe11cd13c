class WebhookError(Exception):
    """A change of a webhook that cannot be made; says what is wrong and what to do.

    `field` is the field of the form that it is about, where it is about one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
