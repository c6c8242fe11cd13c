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


def trips(monkeypatch, do):
    """Round trips to the database, with those that Django does not see."""
    sent, say = [], prepared._say
    with monkeypatch.context() as counted, CaptureQueriesContext(connection) as seen:
        counted.setattr(
            prepared, "_say", lambda *what, **how: sent.append(what) or say(*what, **how)
        )
        assert do()
    return len(seen) + len(sent)
