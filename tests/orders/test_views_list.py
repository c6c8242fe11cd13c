import csv
import io
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.orders.pages import account_with_seller, as_role, client_of, words

pytestmark = pytest.mark.django_db


def numbers(response):
    return [order.number for order in response.context["page"].rows]


def shown(query="", role="sales_manager"):
    return numbers(as_role(role).get(f"/orders/{query}"))


def exported(client, query=""):
    text = b"".join(client.get(f"/orders/export/{query}").streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_list_shows_salespeople_their_own_customers_only():
    account, seller = account_with_seller()
    mine = orders.draft(account)
    orders.draft(credit.account())
    assert numbers(seller.get("/orders/")) == [mine.number]


def test_list_shows_a_salesperson_the_orders_of_a_customer_taken_over():
    order = orders.draft(credit.account())
    taker = credit.customer().owner
    order.customer.owner = taker
    order.customer.save()
    assert numbers(client_of(taker).get("/orders/")) == [order.number]


@pytest.mark.parametrize(
    "query",
    [
        "?state=approved",
        "?customer={code}",
        "?owner={owner}",
        "?currency=CNY&least=90&most=90",
        "?q={number}",
        "?q={code}",
        "?q=杨浦",
        "?q=YANGPU",
        "?q=EXT-77",
        "?since=2026-03-02&until=2026-03-02",
    ],
)
def test_list_narrows_to(query):
    wanted = orders.released()
    address = "上海杨浦 Yangpu Road"
    Order.objects.filter(pk=wanted.pk).update(ship_to_address=address, external_id="EXT-771")
    orders.draft(credit.account(currency="USD"), "91.00", at=NOW - 30 * DAY)
    known = {"code": wanted.customer.code, "owner": wanted.owner_id, "number": wanted.number}
    assert shown(query.format(**known)) == [wanted.number]


def test_list_narrows_to_held_and_shows_the_lock():
    held = orders.released()
    orders.hold(held)
    cancelled = orders.released()
    orders.hold(cancelled)
    orders.cancel(cancelled)
    orders.released()
    response = as_role("auditor").get("/orders/?held=on")
    assert numbers(response) == [held.number]
    assert "#lock" in words(response)


@pytest.mark.parametrize(
    ("view", "make"),
    [
        ("drafts", lambda: orders.draft(credit.account())),
        ("waiting", orders.failed),
        ("unshipped", lambda: orders.pay(orders.released())),
    ],
)
def test_view_shows_what_its_name_says(view, make):
    wanted = make()
    orders.shipped()
    assert shown(f"?view={view}") == [wanted.number]


def test_ready_to_ship_leaves_out_what_is_held():
    ready = orders.released()
    orders.hold(orders.released())
    assert shown("?view=to_ship", "warehouse") == [ready.number]


@pytest.mark.parametrize(
    "sort", ["", "number", "-number", "amount", "-amount", "customer", "-date"]
)
def test_pages_follow_each_other_without_gap_or_repetition(sort, monkeypatch):
    made = {orders.draft(credit.account(), f"{total}.00").number for total in (5, 5, 3, 8, 1)}
    monkeypatch.setattr("orders.views.lists.page", small_pages)
    client, query, seen = as_role("auditor"), f"?sort={sort}", []
    while query:
        response = client.get(f"/orders/{query}")
        seen.append(numbers(response))
        query = response.context["page"].older
    assert sorted(chain.from_iterable(seen)) == sorted(made)
    assert numbers(client.get(f"/orders/{response.context['page'].newer}")) == seen[-2]


def small_pages(queryset, request, *, keys):
    from staff.keyset import page

    return page(queryset, request, keys=keys, size=2)


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("url", ["/orders/", "/holds/", "/products/", "/customers/"])
def test_lists_ask_as_much_for_many_rows_as_for_one(url):
    client = as_role("credit_analyst")
    orders.hold(orders.released())
    once = queries_of(client, url)
    for _ in range(4):
        orders.hold(orders.released())
    assert queries_of(client, url) == once


def test_export_holds_exactly_what_the_list_shows():
    cheap, _dear = orders.released("10.00"), orders.released("500.00")
    header, *rows = exported(as_role("finance"), "?most=100")
    assert [row[0] for row in rows] == [cheap.number]
    assert rows[0][header.index("Total")] == "10.00"


def test_export_holds_every_page(monkeypatch):
    for _ in range(60):
        orders.draft(credit.account())
    assert len(exported(as_role("auditor"))) == 61


@pytest.mark.parametrize("name", ["=1+1", "+SUM(A1)", "-2", "@x", "\tx", "＝1"])
def test_export_disarms_formulas(name):
    orders.draft(credit.account(name=name))
    header, row = exported(as_role("auditor"))
    assert row[header.index("Customer")] == f"'{name}"


def test_export_tells_costs_to_those_who_may_see_margins():
    orders.draft(credit.account())
    assert "Cost" in exported(as_role("finance"))[0]
    assert "Cost" not in exported(as_role("warehouse"))[0]


def test_products_show_costs_to_those_who_may_see_margins():
    orders.product("10.00", cost="7.77")
    assert "7.77" in words(as_role("finance").get("/products/"))
    assert "7.77" not in words(as_role("sales").get("/products/"))


def test_holds_show_reason_person_and_a_way_to_release():
    hold = orders.hold(orders.released(), note="which door?")
    text = words(as_role("credit_analyst").get("/holds/"))
    assert "which door?" in text and f"/holds/{hold.pk}/release/" in text
    assert f"/holds/{hold.pk}/release/" not in words(as_role("warehouse").get("/holds/"))
