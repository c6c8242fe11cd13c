"""Comparing the books while orders are submitted, paid and cancelled on other connections."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection

from credit import lifecycle
from credit.reconciling import compare
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import superuser
from tests.orders.test_parallel import at_once, drafts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def watch(done):
    """Compare again and again until the work is done; what every comparison found."""
    try:
        seen = []
        while not done.is_set() or not seen:
            seen.append(compare().found)
        return seen
    finally:
        connection.close()


def test_compare_raises_no_false_alarm_under_load():
    boss, top = superuser(), credit.account("100000.00")
    members = [credit.account("20000.00") for _ in range(3)]
    for member in members:
        lifecycle.join_group(account_id=member.pk, parent_id=top.pk, reason="-", by=boss, at=NOW)
    made = [order for member in members for order in drafts(member, *["30.00"] * 30)]
    calls = [lambda o=order: orders.submit(o, by=boss) for order in made]
    for verb in (orders.ship, orders.invoice, orders.pay, orders.cancel):
        calls += [lambda o=order, v=verb: v(o, by=boss) for order in made]
    random.Random(3).shuffle(calls)
    done = Event()
    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch, done)
        at_once(*calls, connections=8)
        done.set()
        seen = watching.result()
    assert len(seen) > 5 and set(seen) == {0}
    assert compare().entries > 90
