"""Submits through the API per second, beside a page with one query and the one-call floor.

Each client is a process that hands requests to the product's WSGI application, with all of its
middleware: what differs is what Ordergate does, not how fast sockets are.
"""

import json
import os
import random
from collections.abc import Callable
from statistics import median
from typing import Any

from tests.bench import floor, world
from tests.bench.clients import Clients
from tests.bench.table import middle, show

ACCOUNTS = 1_000
SHARE = {1: 150, 8: 50}
PAGES_TIMES = 3
BATCH = 1_000


class Door:
    """The WSGI application as one client meets it."""

    def __init__(self, text: str = "") -> None:
        from django.conf import settings

        settings.ROOT_URLCONF = "tests.bench.page"
        settings.ALLOWED_HOSTS = ["testserver"]
        settings.API_CALLS_PER_MINUTE = 10_000_000
        from django.test import RequestFactory

        from config.wsgi import application

        self.application, self.factory = application, RequestFactory()
        self.headers = {"Authorization": f"Bearer {text}"} if text else {}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> bytes:
        """Ask and read the answer, which has to be a good one."""
        data = "" if body is None else json.dumps(body)
        request = (
            getattr(self.factory, method)(
                path, data, content_type="application/json", headers=self.headers | headers
            )
            if method != "get"
            else self.factory.get(path)
        )
        status: list[str] = []
        answer = self.application(request.environ, lambda line, _headers: status.append(line))
        told = b"".join(answer)
        answer.close()
        assert status[0].startswith("2"), (status, told)
        return told


def submitting(text: str) -> Callable[[int], object]:
    """What a client calls per order."""
    door = Door(text)
    return lambda pk: door.ask(
        "post", f"/api/v1/orders/{pk}/submit/", {}, **{"Idempotency-Key": f"submit-{pk}"}
    )


def looking() -> Callable[[int], object]:
    """What a reader of the least page calls per order."""
    door = Door()
    return lambda pk: door.ask("get", f"/least/{pk}/")


def sending_many(text: str) -> Callable[[list[dict[str, Any]]], object]:
    """What a client calls per thousand new orders."""
    door = Door(text)

    def send(orders: list[dict[str, Any]]) -> None:
        once = f"{os.getpid()}-{random.getrandbits(64)}"
        told = door.ask(
            "post", "/api/v1/orders/bulk/", {"orders": orders}, **{"Idempotency-Key": once}
        )
        assert {each["order"]["outcome"] for each in json.loads(told)["results"]} == {"passed"}

    return send


def run(rounds: int) -> None:
    """Measure and print."""
    from tests.factories import api

    floor.lay()
    text = api.key()[1]
    places = {
        "one customer": world.members(1),
        f"{ACCOUNTS:,} customers": world.members(ACCOUNTS),
    }
    single, many = [], []
    for number in SHARE:
        with Clients(number) as clients:
            single += [[name, number, *_single(clients, ids, text, rounds)]
                       for name, ids in places.items()]  # fmt: skip
    with Clients(1) as client:
        many = [[name, *_bulk(client, ids, text, rounds)] for name, ids in places.items()]
    where = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    show(
        f"Submits through the API per second, medians of {rounds} rounds, {where}",
        ["submit", "clients", "Ordergate", "page", "share", "one-call floor", "share"],
        single,
    )
    show(
        f"New orders per second, {BATCH:,} in a request, one client, {where}",
        ["bulk", "Ordergate", "one-call floor", "share"],
        many,
    )


def _single(clients: Clients, ids: list[int], text: str, rounds: int) -> list[str]:
    product, number = world.product().pk, SHARE[clients.number] * clients.number
    clients.rate(submitting, (text,), world.drafts(ids, clients.number * 10))
    ours, pages, floors = [], [], []
    for _ in range(rounds):
        drafts = world.drafts(ids, number)
        world.tidy()
        ours.append(clients.rate(submitting, (text,), drafts))
        pages.append(clients.rate(looking, (), drafts * PAGES_TIMES))
        called = random.choices(ids, k=number * PAGES_TIMES)
        floors.append(clients.rate(floor.calling, (product,), called))
    return [middle(ours), *_beside(ours, pages), *_beside(ours, floors)]


def _bulk(client: Clients, ids: list[int], text: str, rounds: int) -> list[str]:
    sku, codes = world.product().sku, world.codes(ids)
    lines = [{"sku": sku, "quantity": "1", "price": "100", "tax_percent": "13"}] * 3
    ours, floors = [], []
    for _ in range(rounds):
        world.tidy()
        chosen = random.choices(codes, k=BATCH)
        batch = [{"customer": code, "lines": lines, "submit": True} for code in chosen]
        ours.append(BATCH * client.rate(sending_many, (text,), [batch]))
        called = random.choices(ids, k=BATCH)
        floors.append(client.rate(floor.calling, (world.product().pk,), called))
    return [middle(ours), *_beside(ours, floors)]


def _beside(ours: list[float], theirs: list[float]) -> list[str]:
    return [middle(theirs), f"{median(ours) / median(theirs):.0%}"]
