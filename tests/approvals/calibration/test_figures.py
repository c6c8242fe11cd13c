import random
from collections import Counter
from datetime import timedelta

import pytest

from approvals.calibration.cases import released_orders
from approvals.calibration.enums import Outcome
from approvals.calibration.figures import count
from approvals.models import ApprovalRequest
from credit.models import Invoice
from orders.models import Order
from tests.approvals.calibration import past
from tests.factories import credit, orders
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
ALL = {"since": None, "until": None, "segment_id": None}


@pytest.fixture(scope="module")
def seed():
    return random.Random(20)


@pytest.fixture
def history(seed):
    """Orders of all kinds, most of them approved by one of three people."""
    people = [person("credit_analyst", "approver_1", "approver_2") for _ in range(3)]
    for _ in range(25):
        limit = seed.choice(["60.00", "80.00", "88.00", "30.00"])
        account = credit.account(limit)
        if seed.random() < 0.3:
            credit.owed(account, "1.00", past.TODAY - timedelta(days=90))
        order = orders.submit(orders.draft(account, "90.00" if seed.random() < 0.8 else "20.00"))
        if ApprovalRequest.objects.filter(order=order).exists():
            orders.approve(order, by=seed.choice(people))
        for _invoice in range(seed.randrange(3)):
            settled = seed.choice([None, -2, 0, 3, 12])
            due = seed.randrange(-60, 10)
            past.invoice(order, due, settled=settled, lost=seed.choice([None, None, None, 40]))
    return people


def recount(least):
    """Group, key and outcome of each order, found one by one from its objects."""
    found, days = Counter(), Counter()
    for order in Order.objects.exclude(approved_at=None):
        outcome, late = _outcome(order, least)
        for group in _groups(order):
            found[*group, outcome] += 1
            days[group] += late if outcome == Outcome.LATE else 0
    return found, days


def _outcome(order, least):
    worst, latest = Outcome.NOT_DUE, 0
    for invoice in Invoice.objects.filter(order_id=order.pk):
        if (past.TODAY - invoice.due_on).days < least:
            continue
        late = ((invoice.settled_on or past.TODAY) - invoice.due_on).days
        outcome = Outcome.LATE if late >= least else Outcome.ON_TIME
        outcome = Outcome.OVERDUE if invoice.open_amount else outcome
        outcome = Outcome.WRITTEN_OFF if invoice.adjustments.exists() else outcome
        worst, latest = max(worst, outcome), max(latest, late)
    return worst, latest


def _groups(order):
    request = ApprovalRequest.objects.filter(order=order, state="approved").first()
    if request is None:
        return [("passed", "")]
    limits = [each["figures"] for each in request.decision.checks if each["code"] == "limit"]
    percent = request.decision.excess * 100 / int(float(limits[0]["limit"]))
    band = next((top for top in (10, 25, 50, 100) if percent < top), "more")
    return [
        ("total", ""),
        ("bands", str(band) if percent else "none"),
        *(("reasons", code) for code in request.decision.reason_codes),
        *(("approvers", answer.by_id) for answer in request.answers.all()),
    ]


def flat(figures):
    named = {("total", ""): figures.total, ("passed", ""): figures.passed}
    for group in ("bands", "reasons", "approvers"):
        named |= {(group, key): tally for key, tally in getattr(figures, group).items()}
    return named


@pytest.mark.parametrize("least", [1, 7])
def test_figures_are_those_of_a_recount_one_by_one(history, least):
    orders_seen = released_orders(person("auditor"), **ALL)
    figures = flat(count(orders_seen, day=past.TODAY, least=least))
    expected, days = recount(least)
    found = {
        (*group, outcome): amount
        for group, tally in figures.items()
        for outcome in Outcome
        if (amount := getattr(tally, outcome.name.lower()))
    }
    assert found == dict(expected)
    assert {group: tally.late_days for group, tally in figures.items()} == {
        group: days[group] for group in figures
    }


def test_figures_cost_one_query_however_many_approvers(history, django_assert_num_queries):
    auditor = person("auditor")
    auditor.has_perm("credit.view_all_customers")
    with django_assert_num_queries(1):
        assert len(count(released_orders(auditor, **ALL), day=past.TODAY, least=1).approvers) == 3


def test_figures_of_one_approver_leave_out_colleagues_but_not_the_total(history):
    seen = released_orders(person("auditor"), **ALL)
    everybody = count(seen, day=past.TODAY, least=1)
    own = count(seen, day=past.TODAY, least=1, only_approver=history[0].pk)
    assert own.approvers == {history[0].pk: everybody.approvers[history[0].pk]}
    assert (own.total, own.bands, own.reasons) == (
        everybody.total, everybody.bands, everybody.reasons,
    )  # fmt: skip


def test_figures_are_narrowed_by_period_and_segment():
    order = past.approved()
    day, auditor = past.TODAY, person("auditor")
    other = credit.segment()

    def total(**narrowed):
        seen = released_orders(auditor, **ALL | narrowed)
        return count(seen, day=day, least=1).total.not_due

    assert total(since=day, until=day, segment_id=order.customer.segment_id) == 1
    assert total(since=day + timedelta(days=1)) == 0
    assert total(until=day - timedelta(days=1)) == 0
    assert total(segment_id=other.pk) == 0


def test_figures_leave_imported_history_out():
    order = past.passed()
    Order.objects.filter(pk=order.pk).update(history=True)
    found = count(released_orders(person("auditor"), **ALL), day=past.TODAY, least=1)
    assert found.passed.not_due == 0
