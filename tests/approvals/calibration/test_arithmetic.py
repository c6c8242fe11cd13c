import pytest

from approvals.calibration.arithmetic import ENOUGH, Tally, wilson


# Worked out elsewhere to four decimals from the formula in Wilson (1927).
@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (81, 263, 0.2553, 0.3662),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_interval(hits, cases, low, high):
    found = wilson(hits, cases)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize("cases", [1, 2, 20, 1000])
def test_wilson_ends_are_where_the_share_is_z_deviations_away(cases):
    for hits in {1, cases // 2, cases - 1} - {0, cases}:
        for end in (wilson(hits, cases).low, wilson(hits, cases).high):
            deviation = (end * (1 - end) / cases) ** 0.5
            assert abs(hits / cases - end) / deviation == pytest.approx(1.959964, abs=0.0001)


@pytest.mark.parametrize(("hits", "cases"), [(0, 0), (3, 2), (-1, 5)])
def test_wilson_refuses_what_is_no_share(hits, cases):
    with pytest.raises(ValueError, match="of"):
        wilson(hits, cases)


def test_tally_leaves_what_is_not_due_out_of_the_denominator():
    tally = Tally(not_due=50, on_time=15, late=4, overdue=3, written_off=1, late_days=40)
    assert (tally.judged, tally.troubled, tally.mean_late) == (23, 8, 10)
    assert tally.percent == pytest.approx(34.78, abs=0.01)


def test_tally_tells_no_share_of_too_few():
    few, enough = Tally(on_time=ENOUGH - 1, not_due=99), Tally(on_time=ENOUGH)
    assert (few.percent, few.interval, few.mean_late) == (None, None, None)
    assert (enough.percent, enough.interval) == (0, wilson(0, ENOUGH))
