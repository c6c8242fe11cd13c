"""Processes that do everything at once and are killed; and faults that the proof has to find."""

import os

import pytest

from tests.orders.hammer.run import hammer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SECONDS = float(os.environ.get("ORDERGATE_HAMMER_SECONDS", 20))


def test_everything_at_once_keeps_limits_and_books():
    report = hammer(seconds=SECONDS, processes=8)
    assert report.faults == []
    assert report.killed > 5 and report.killed_in_the_middle > 0
    assert report.seen["passes"] > 50 and report.seen["waived"] > 5
    struck = {blow for (blow, result), n in report.results.items() if result == "done"}
    assert {"submit", "approve", "cancel", "pay", "amend", "ship", "limit", "join"} <= struck


@pytest.mark.parametrize(
    ("fault", "sign"),
    [
        ("unlocked", "used by account"),
        ("ungrouped", "used by account"),
        ("backwards", "deadlock detected"),
        ("twice", "was paid"),
    ],
)
def test_fault_is_found(fault, sign):
    report = hammer(seconds=8, processes=8, fault=fault)
    assert any(sign in found for found in report.faults)
