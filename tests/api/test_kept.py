"""What is kept from one request to the next: the connection, and serializers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from orders.models import Order
from tests.factories import credit, orders
from tests.factories.api import caller


@pytest.mark.django_db(transaction=True)
def test_call_goes_on_when_the_connection_was_lost_meanwhile():
    shop, order = caller(), orders.draft(credit.account())
    with ThreadPoolExecutor(1) as other:
        assert other.submit(_end, connection.connection.info.backend_pid).result()
    assert shop.post(f"orders/{order.pk}/submit/").status_code == 200
    assert Order.objects.get(pk=order.pk).state == "approved"


def _end(pid):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            return cursor.fetchone()[0]
    finally:
        connection.close()


@pytest.mark.django_db
def test_fields_asked_for_once_are_not_left_out_the_next_time():
    shop, account = caller(), credit.account()
    drafts = [orders.draft(account) for _ in range(3)]
    whole, one, again = (
        shop.post(f"orders/{order.pk}/submit/{query}").json()
        for order, query in zip(drafts, ("", "?fields=id", ""), strict=True)
    )
    assert (list(one), set(again)) == (["id"], set(whole))
