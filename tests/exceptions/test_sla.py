from datetime import timedelta

import pytest

from exceptions.triage.sla import Clock, Standing, deadlines
from tests.factories.moments import HOUR, NOW


def clock(hours, stopped=None):
    due = deadlines(NOW, 4 * HOUR, 8 * HOUR)
    stopped_at = None if stopped is None else NOW + stopped * HOUR
    return Clock(due.respond_due_at, due.respond_risk_at, stopped_at, NOW + hours * HOUR)


@pytest.mark.parametrize(
    "hours, standing",
    [
        (0, Standing.ON_TIME),
        (2.99, Standing.ON_TIME),
        (3, Standing.AT_RISK),
        (4, Standing.AT_RISK),
        (4.01, Standing.BREACHED),
    ],
)
def test_clock_turns_amber_in_the_last_quarter_and_red_after(hours, standing):
    assert clock(hours).standing == standing


@pytest.mark.parametrize("stopped, standing, left", [(3.5, "on_time", 0.5), (5, "breached", -1)])
def test_clock_that_stopped_keeps_how_it_ended(stopped, standing, left):
    stopped = clock(100, stopped)
    assert not stopped.running
    assert (stopped.standing, stopped.left) == (standing, timedelta(hours=left))


def test_deadlines_count_from_the_opening():
    due = deadlines(NOW, 4 * HOUR, 8 * HOUR)
    assert (due.respond_due_at, due.resolve_due_at) == (NOW + 4 * HOUR, NOW + 8 * HOUR)
    assert (due.respond_risk_at, due.resolve_risk_at) == (NOW + 3 * HOUR, NOW + 6 * HOUR)
