"""Scoring on real connections, all at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from credit.models import CreditScore, Scorecard
from credit.scoring.recompute import recompute
from journal.models import Entry
from tests.factories import scoring
from tests.factories.moments import HOUR, NOW
from tests.factories.staff import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*calls):
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_recompute_at_once_writes_each_score_and_change_once():
    for _ in range(20):
        scoring.known()
    done = at_once(*[lambda: recompute(at=NOW) for _ in range(6)])
    assert sum(one.written for one in done) == CreditScore.objects.count() == 20
    assert Entry.objects.filter(action="credit.risk_class_changed").count() == 20


def test_recompute_while_a_card_is_published_uses_one_card_or_the_other(monkeypatch):
    monkeypatch.setattr("credit.tasks.recompute_scores.delay", lambda: None)
    for _ in range(20):
        scoring.known()
    draft, by = scoring.draft(), person("credit_analyst")
    at_once(
        lambda: recompute(at=NOW),
        lambda: scoring.publish(draft, by=by),
        lambda: recompute(at=NOW + HOUR),
    )
    assert Scorecard.objects.published().get() == draft
    recompute(at=NOW + 2 * HOUR)
    for customer in set(CreditScore.objects.values_list("customer", flat=True)):
        assert CreditScore.objects.filter(customer=customer).latest("pk").scorecard == draft
