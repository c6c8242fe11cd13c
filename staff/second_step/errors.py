"""What keeps a second step from being turned on or off, or a code from being looked at."""


class SecondStepError(Exception):
    """The words are for the reader: what is wrong and what to do."""
