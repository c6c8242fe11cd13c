import pytest

from approvals.calibration.cases import outcomes, standing_approvals
from approvals.calibration.enums import Band, Outcome
from tests.approvals.calibration import past
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db

ON_TIME, LATE, OVERDUE, LOST = Outcome.ON_TIME, Outcome.LATE, Outcome.OVERDUE, Outcome.WRITTEN_OFF


def outcome(order, least=1):
    found = outcomes(past.TODAY, least).filter(order_id=order.pk).values_list("outcome", flat=True)
    return next(iter(found), Outcome.NOT_DUE)


# Each invoice: due in days from today, and how it stands; then from how many days on it is late.
@pytest.mark.parametrize(
    ("invoices", "least", "expected"),
    [
        ([], 1, Outcome.NOT_DUE),
        ([{"due": 1}], 1, Outcome.NOT_DUE),
        ([{"due": 0}], 1, Outcome.NOT_DUE),
        ([{"due": 5, "settled": -9}], 1, Outcome.NOT_DUE),
        ([{"due": -1}], 1, OVERDUE),
        ([{"due": -29}], 30, Outcome.NOT_DUE),
        ([{"due": -30}], 30, OVERDUE),
        ([{"due": -50, "settled": -3}], 1, ON_TIME),
        ([{"due": -50, "settled": 0}], 1, ON_TIME),
        ([{"due": -50, "settled": 1}], 1, LATE),
        ([{"due": -50, "settled": 29}], 30, ON_TIME),
        ([{"due": -50, "settled": 30}], 30, LATE),
        ([{"due": -50, "disputed": 90}], 1, Outcome.NOT_DUE),
        ([{"due": -50, "disputed": 40}], 1, OVERDUE),
        ([{"due": -50, "settled": 20, "lost": 90}], 1, LOST),
        ([{"due": -50, "settled": 0, "lost": "1.00"}], 1, ON_TIME),
        ([{"due": -50, "settled": 0, "lost": "1.01"}], 1, LOST),
        ([{"due": -50, "lost": 40}], 1, LOST),
        ([{"due": 9, "settled": -20, "lost": 90}], 1, Outcome.NOT_DUE),
        ([{"due": -50, "settled": 0}, {"due": 5}], 1, ON_TIME),
        ([{"due": -50, "settled": 0}, {"due": -40, "settled": 9}], 1, LATE),
        ([{"due": -50, "settled": 9}, {"due": -40}], 1, OVERDUE),
        ([{"due": -50, "lost": 90, "settled": 0}, {"due": -40}], 1, LOST),
    ],
)
def test_outcome_is_that_of_the_worst_invoice_whose_time_is_over(invoices, least, expected):
    order = past.passed()
    for values in invoices:
        past.invoice(order, **values)
    assert outcome(order, least) == expected


@pytest.mark.parametrize(
    ("total", "limit", "band"),
    [
        ("109.99", "100.00", Band.UNDER_10),
        ("110.00", "100.00", Band.UNDER_25),
        ("125.00", "100.00", Band.UNDER_50),
        ("150.00", "100.00", Band.UNDER_100),
        ("200.00", "100.00", Band.MORE),
        ("90.00", "0.00", Band.NO_LIMIT),
    ],
)
def test_band_is_of_the_excess_in_percent_of_the_limit(total, limit, band):
    order = orders.failed(total, limit=limit)
    orders.approve(order, by=_second(order))
    assert standing_approvals().get(order=order).band == band


def _second(order):
    return person("credit_analyst", "approver_1", "approver_2")


def test_band_is_none_for_an_order_within_the_limit():
    account = credit.account("500.00")
    credit.owed(account, "10.00", past.TODAY - 90 * DAY)
    order = orders.submit(orders.draft(account))
    orders.approve(order, by=_second(order))
    assert standing_approvals().get(order=order).band == Band.NONE


def test_approval_that_lapsed_counts_no_more():
    order = past.approved()
    assert standing_approvals().filter(order=order).exists()
    request = past.request_of(order)
    type(request).objects.filter(pk=request.pk).update(
        state="lapsed", lapsed_at=NOW, lapse_reason="amended"
    )
    assert not standing_approvals().filter(order=order).exists()
