"""Whichever door an order comes through, the same is decided, posted and written down."""

import json
import re
from typing import Any

import pytest
import time_machine
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from approvals.models import ApprovalRequest
from credit.models import CreditAccount, LedgerEntry
from journal.models import Entry
from orders.models import Decision, Order, OrderLine
from tests.factories import credit, imports, orders
from tests.factories.api import Caller
from tests.factories.moments import NOW
from tests.factories.staff import superuser
from tests.orders.pages import client_of, row, typed

pytestmark = pytest.mark.django_db

# With a limit of 200.00 and pieces at 10.00: two pass, the third and the last are over the limit,
# the fourth fits into what is left.
PIECES = ("9", "9", "9", "2", "500")
# What says through which door something came, or is a number that the database gives.
_OWN = {
    "id", "number", "source", "external_id", "import_run_id", "order_id", "decision_id",
    "milliseconds", "recorded_at", "subject_id", "origin", "search", "seat",
}  # fmt: skip


class _Undo(Exception):
    pass


def by_form(account, product, user):
    for pieces in PIECES:
        client_of(user).post("/orders/new/", typed(account, row(product, pieces), do="submit"))


def by_api(account, product, user):
    caller = Caller(user=user)
    for body in bodies(account, product):
        assert caller.post("orders/", body).status_code == 201


def by_bulk(account, product, user):
    answer = Caller(user=user).post("orders/bulk/", {"orders": bodies(account, product)})
    assert [one["refused"] for one in answer.json()["results"]] == [None] * len(PIECES)


def by_import(account, product, user):
    heads = [f"A-{n},{account.customer.code},2026-02-0{n}" for n, _ in enumerate(PIECES, 1)]
    lines = [f"A-{n},{product.sku},{pieces},10.00" for n, pieces in enumerate(PIECES, 1)]
    files = {
        "orders": "\n".join(["order id,customer code,order date", *heads]),
        "lines": "\n".join(["order id,sku,qty,unit price", *lines]),
    }
    assert imports.imported(files, user, history=False).state == "done"


def bodies(account, product):
    return [
        {
            "customer": account.customer.code,
            "lines": [{"sku": product.sku, "quantity": pieces}],
            "submit": True,
        }
        for pieces in PIECES
    ]


@pytest.fixture
def left_by():
    """What is written when the orders come through a door; it is undone afterwards."""
    account = credit.account("200.00")
    product = orders.product("10.00", tax_percent="0")
    user = superuser()
    orders.decider()

    def through(door) -> dict[str, Any]:
        left: dict[str, Any] = {}
        try:
            with transaction.atomic(), time_machine.travel(NOW, tick=False):
                door(account, product, user)
                left = _books(account)
                raise _Undo
        except _Undo:
            return left

    return through


def _books(account) -> dict[str, Any]:
    made = Order.objects.filter(account=account).order_by("pk")
    of_orders = {"order__in": made}
    return {
        "orders": _rows(made),
        "lines": _rows(OrderLine.objects.filter(**of_orders).order_by("order", "position")),
        "decisions": _rows(Decision.objects.filter(**of_orders).order_by("order", "pk")),
        "ledger": _rows(LedgerEntry.objects.filter(account=account).order_by("order_id", "pk")),
        "requests": _rows(ApprovalRequest.objects.filter(**of_orders).order_by("order")),
        "account": _rows(CreditAccount.objects.filter(pk=account.pk)),
        "journal": _rows(
            Entry.objects.filter(order_id__in=made.values("pk")).order_by("order_id", "pk")
        ),
    }


def _rows(found) -> list[str]:
    """Rows as text, without what every door has of its own; documents by their places."""
    texts = [
        json.dumps(_plain(values), sort_keys=True, cls=DjangoJSONEncoder, ensure_ascii=False)
        for values in found.values()
    ]
    numbers = sorted(set(re.findall(r"SO-\d{7}", "".join(texts))))
    places = {number: f"order {place}" for place, number in enumerate(numbers)}
    return [re.sub(r"SO-\d{7}", lambda found: places[found[0]], text) for text in texts]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if name not in _OWN}
    if isinstance(kept.get("data"), dict):
        kept["data"] = {k: v for k, v in kept["data"].items() if k not in (*_OWN, "decision")}
    return kept


@pytest.mark.parametrize("door", [by_api, by_bulk, by_import], ids=lambda door: door.__name__)
def test_every_door_leaves_what_the_form_leaves(left_by, door):
    form, other = left_by(by_form), left_by(door)
    assert len(form["orders"]) == len(PIECES) == len(form["decisions"])
    for part, rows in form.items():
        assert other[part] == rows, part


def test_form_passes_what_fits_and_no_more(left_by):
    left = left_by(by_form)
    outcomes = [json.loads(text)["outcome"] for text in left["decisions"]]
    assert outcomes == ["passed", "passed", "failed", "passed", "failed"]
