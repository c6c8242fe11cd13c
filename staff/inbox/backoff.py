"""When to try again."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
GIVE_UP_AFTER = timedelta(hours=24)
JITTER = 0.25  # of each wait, so that what failed together does not return together


def next_attempt(*, attempts: int, since: datetime, at: datetime, chance: float) -> datetime | None:
    """When to try again after the try number `attempts` failed at `at`; None to give up.

    The wait doubles with each try, from one minute up to two hours, longer or shorter by up to a
    quarter as `chance` (0 to 1) falls. 24 hours after `since` the failed try was the last.
    """
    if at - since >= GIVE_UP_AFTER:
        return None
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 30), LONGEST_WAIT)
    return at + wait * (1 + JITTER * (2 * chance - 1))
