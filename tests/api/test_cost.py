import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders import lifecycle
from tests.factories import credit, orders
from tests.factories.api import caller
from tests.factories.moments import NOW

pytestmark = pytest.mark.django_db
# Lock and look of the idempotency key; the answer kept; a savepoint begun and ended. The key is
# found by a prepared statement, as the verb's own are, which is not counted.
MORE = 4


def test_submit_costs_little_more_than_the_verb():
    shop, account = caller(), credit.account()
    drafts = [orders.draft(account) for _ in range(4)]
    for order in drafts[:2]:
        lifecycle.submit(order_id=order.pk, by=order.owner, at=NOW)
    by = drafts[2].owner
    by.get_all_permissions()
    with CaptureQueriesContext(
        connection,
    ) as verb:
        lifecycle.submit(order_id=drafts[2].pk, by=by, at=NOW)
    with CaptureQueriesContext(connection) as call:
        assert shop.post(f"orders/{drafts[3].pk}/submit/").status_code == 200
    assert len(call) - len(verb) == MORE
