"""When to try again, and how long to spare an address that does not answer."""

from datetime import datetime, timedelta

# Between one try and the next: eleven tries, the last about 24 hours after the first.
WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=6),
    timedelta(hours=10),
)
JITTER = 0.1  # of each wait, so that what failed together does not return together
LONGEST_ASKED = timedelta(hours=6)  # however long the receiver asks us to stay away
PATIENCE = 5  # failures in a row after which an endpoint is spared
FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=5)
PAUSE_AFTER = timedelta(hours=24)  # of nothing but failures


def next_try(
    *, tries: int, at: datetime, chance: float, asked: timedelta | None = None
) -> datetime | None:
    """When to try again after the try number `tries` of a round failed at `at`; None to give up.

    The wait is longer or shorter by up to a tenth as `chance` (0 to 1) falls. `asked` is what the
    receiver asks for in Retry-After; the wait is at least that.
    """
    if tries > len(WAITS):
        return None
    wait = WAITS[tries - 1] * (1 + JITTER * (2 * chance - 1))
    return at + max(wait, min(asked or timedelta(), LONGEST_ASKED))


def rest(*, failures: int, at: datetime) -> datetime | None:
    """Until when to leave an endpoint alone after so many failures in a row; None while few."""
    if failures < PATIENCE:
        return None
    return at + min(FIRST_REST * 2 ** min(failures - PATIENCE, 10), LONGEST_REST)
