import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders import lifecycle
from staff import prepared
from tests.factories import credit, orders
from tests.factories.api import caller
from tests.factories.moments import NOW

pytestmark = pytest.mark.django_db
# The key; lock and look of the idempotency key; the answer kept.
MORE = 3
# Those three; the customer, the products; the customer with the account, the order, its lines with
# the journal; the gate, which takes three; the order, its lines and its decision read again; the
# beginning and the end.
CREATE = 16


def test_submit_costs_little_more_than_the_verb(monkeypatch):
    shop, account = caller(), credit.account()
    drafts = [orders.draft(account) for _ in range(4)]
    for order in drafts[:2]:
        lifecycle.submit(order_id=order.pk, by=order.owner, at=NOW)
    by = drafts[2].owner
    by.get_all_permissions()
    verb = trips(monkeypatch, lambda: lifecycle.submit(order_id=drafts[2].pk, by=by, at=NOW).pk)
    call = trips(monkeypatch, lambda: shop.post(f"orders/{drafts[3].pk}/submit/").json()["outcome"])
    assert call - verb == MORE


def test_create_with_submit_takes_as_many_trips_for_many_lines(monkeypatch):
    shop, account = caller(), credit.account()
    lines = [{"sku": orders.product().sku, "quantity": "1"} for _ in range(20)]

    def enter(lines):
        body = {"customer": account.customer.code, "lines": lines, "submit": True}
        return shop.post("orders/", body).json()["decision"]["outcome"] == "passed"

    enter(lines[:1])
    assert trips(monkeypatch, lambda: enter(lines[:1])) == CREATE
    assert trips(monkeypatch, lambda: enter(lines)) == CREATE


def trips(monkeypatch, do):
    """Round trips to the database, with those that Django does not see."""
    sent, say = [], prepared._say
    with monkeypatch.context() as counted, CaptureQueriesContext(connection) as seen:
        counted.setattr(
            prepared, "_say", lambda *what, **how: sent.append(what) or say(*what, **how)
        )
        assert do()
    return len(seen) + len(sent)
