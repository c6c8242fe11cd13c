"""Many clients at once over HTTP: exactly what the limit lets pass, and a reason for the rest."""

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
import urllib3

from credit.models import CreditAccount
from orders.models import Order
from tests.factories import api, credit, orders

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CLIENTS = 8


def submit_all(address, text, drafts):
    """Each draft submitted by one of eight clients that start together; the answers."""
    start = Barrier(CLIENTS)

    def client(share):
        pool, found = urllib3.PoolManager(), []
        start.wait()
        for order in share:
            answer = pool.request(
                "POST",
                f"{address}/api/v1/orders/{order.pk}/submit/",
                body=b"{}",
                headers={
                    "Authorization": f"Bearer {text}",
                    "Content-Type": "application/json",
                    "Idempotency-Key": f"submit-{order.pk}",
                },
                retries=False,
            )
            found.append((answer.status, json.loads(answer.data)))
        return found

    with ThreadPoolExecutor(CLIENTS) as threads:
        shares = [drafts[number::CLIENTS] for number in range(CLIENTS)]
        return [answer for found in threads.map(client, shares) for answer in found]


@pytest.mark.parametrize(
    ("limit", "total", "number", "passing"),
    [("100.00", "90.00", 8, 1), ("3000.00", "30.00", 200, 100)],
)
def test_submitting_at_once_passes_what_fits_and_no_more(
    live_server, settings, limit, total, number, passing
):
    settings.API_CALLS_PER_MINUTE = 10_000
    orders.decider()
    account = credit.account(limit)
    drafts = [orders.draft(account, total) for _ in range(number)]
    answers = submit_all(live_server.url, api.key()[1], drafts)
    assert {status for status, _verdict in answers} == {200}
    outcomes = [verdict["outcome"] for _status, verdict in answers]
    assert (outcomes.count("passed"), outcomes.count("failed")) == (passing, number - passing)
    for _status, verdict in answers:
        if verdict["outcome"] == "failed":
            assert "over the limit" in verdict["reasons"][0]["sentence"]
    account = CreditAccount.objects.get(pk=account.pk)
    assert account.reserved == passing * Decimal(total)
    assert Order.objects.filter(state="approved").count() == passing
