"""Scans on real connections, all at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from exceptions.detect import lifecycle as rules
from exceptions.detect import scan
from exceptions.models import AlertRuleVersion, Ticket
from journal.models import Entry
from tests.factories import tickets
from tests.factories.moments import HOUR, NOW
from tests.factories.staff import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CONNECTIONS = 8


def at_once(calls):
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def scans(at):
    return [lambda: scan.run(at) for _ in range(CONNECTIONS)]


def test_scans_at_once_open_exactly_one_ticket_each():
    for _ in range(5):
        tickets.paid()
    runs = at_once(scans(NOW))
    assert [run.errors for run in runs] == [{}] * CONNECTIONS
    assert sum(run.opened for run in runs) == 5
    assert Ticket.objects.count() == 5
    assert Entry.objects.filter(action="ticket.opened").count() == 5


def test_scans_at_once_with_different_moments_never_flap():
    for hours in (23.9, 23.95, 30):
        tickets.paid(hours=hours)
    at_once([lambda n=n: scan.run(NOW + n * HOUR / 60) for n in range(CONNECTIONS)])
    scan.run(NOW + HOUR)
    assert Ticket.objects.filter(cleared_at=None).count() == 3
    assert not Entry.objects.filter(action="ticket.cleared").exists()


def test_publishing_during_scans_leaves_every_ticket_with_one_version():
    for _ in range(5):
        tickets.paid()
    rule, by = tickets.rule(), person("finance")

    def publish():
        rules.publish(
            rule_id=rule.pk,
            condition=rule.version.condition,
            severity="P1",
            department_id=rule.version.department_id,
            note="worse than we thought",
            seen_version=1,
            by=by,
            at=NOW,
        )

    at_once([*scans(NOW), publish])
    for ticket in Ticket.objects.select_related("rule_version"):
        assert ticket.severity == ticket.rule_version.severity
    assert AlertRuleVersion.objects.filter(rule=rule).count() == 2
