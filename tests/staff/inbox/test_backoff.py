from datetime import timedelta

import pytest

from staff.inbox.backoff import next_attempt
from tests.factories.moments import NOW


def waits(chance):
    """Minutes between the tries of a delivery that never succeeds."""
    found, at, attempts = [], NOW, 1
    while (again := next_attempt(attempts=attempts, since=NOW, at=at, chance=chance)) is not None:
        found.append((again - at) / timedelta(minutes=1))
        at, attempts = again, attempts + 1
    return found


def test_next_attempt_doubles_the_wait_up_to_two_hours_and_ends_after_a_day():
    found = waits(0.5)
    assert found[:9] == [1, 2, 4, 8, 16, 32, 64, 120, 120]
    assert 24 * 60 <= sum(found) < 26 * 60


@pytest.mark.parametrize(("chance", "first"), [(0, 0.75), (1, 1.25)])
def test_next_attempt_spreads_by_a_quarter(chance, first):
    assert waits(chance)[0] == first
