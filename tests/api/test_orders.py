from decimal import Decimal

import pytest

from orders.models import Order
from staff.api.scopes import Scope
from tests.factories import credit, orders
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def body(account, *, sku=None, quantity="9", **values):
    sku = sku or orders.product("10.00", tax_percent="0").sku
    lines = [{"sku": sku, "quantity": quantity}]
    return {"customer": account.customer.code, "lines": lines} | values


@pytest.fixture
def shop():
    return caller()


def test_create_enters_a_draft_at_the_list_price(shop):
    account = credit.account("100.00")
    answer = shop.post("orders/", body(account, external_id="WEB-1", payment_days=14))
    assert answer.status_code == 201
    made = answer.json()
    assert (made["state"], made["total"], made["external_id"]) == ("draft", "90.00", "WEB-1")
    assert (made["source"], made["currency"], made["payment_days"]) == ("api", "CNY", 14)
    assert made["lines"][0]["price"] == "10.00"
    assert answer["Location"].endswith(f"/api/v1/orders/{made['id']}/")


def test_create_and_submit_reserves_or_fails_with_reasons(shop):
    orders.decider()
    account = credit.account("100.00")
    passed = shop.post("orders/", body(account, submit=True)).json()
    assert passed["state"] == "approved"
    failed = shop.post("orders/", body(account, submit=True)).json()
    assert failed["state"] == "credit_failed"
    [reason] = [c for c in failed["decision"]["checks"] if c["verdict"] == "blocked"]
    assert "80.00 over the limit" in reason["sentence"]
    account.refresh_from_db()
    assert account.reserved == Decimal("90.00")


def test_submit_answers_with_the_verdict(shop):
    orders.decider()
    order = orders.draft(credit.account("50.00"))
    answer = shop.post(f"orders/{order.pk}/submit/", {"version": 1})
    assert answer.status_code == 200
    verdict = answer.json()
    assert (verdict["state"], verdict["outcome"]) == ("credit_failed", "failed")
    assert verdict["reasons"][0]["code"] == "limit"


def test_submit_of_a_version_that_is_gone_is_refused(shop):
    order = orders.draft(credit.account())
    answer = shop.post(f"orders/{order.pk}/submit/", {"version": 7})
    assert (answer.status_code, answer.json()["code"]) == (412, "version_changed")


def test_an_order_sent_twice_by_its_source_is_there_once(shop):
    account = credit.account()
    first = shop.post("orders/", body(account, external_id="WEB-1")).json()
    again = shop.post("orders/", body(account, external_id="WEB-1"))
    assert (again.status_code, again.json()["code"]) == (409, "external_id_taken")
    assert again.json()["existing"]["id"] == first["id"]
    assert Order.objects.count() == 1


def test_create_names_every_line_that_is_wrong(shop):
    account = credit.account()
    bad = body(account, sku="NOPE") | {"payment_days": 1000}
    answer = shop.post("orders/", bad)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["payment_days"])
    answer = shop.post("orders/", body(account, sku="NOPE"))
    assert answer.json()["errors"] == {"lines.0.sku": ["No product has this SKU."]}


def test_update_needs_the_version_that_was_seen(shop):
    order = orders.draft(credit.account())
    change = body(order.account, quantity="3") | {"note": "fewer"}
    assert shop.put(f"orders/{order.pk}/", change).status_code == 428
    assert shop.put(f"orders/{order.pk}/", change, **{"If-Match": '"9"'}).status_code == 412
    tag = shop.get(f"orders/{order.pk}/")["ETag"]
    changed = shop.put(f"orders/{order.pk}/", change, **{"If-Match": tag})
    assert (changed.json()["version"], changed.json()["total"]) == (2, "30.00")


def test_amend_keeps_the_release_where_it_still_passes(shop):
    order = orders.released(limit="100.00")
    change = body(order.account, quantity="5") | {"reason": "fewer wanted", "version": 1}
    answer = shop.post(f"orders/{order.pk}/amend/", change)
    assert (answer.json()["state"], answer.json()["total"]) == ("approved", "50.00")


def test_take_back_and_cancel_follow_the_state_diagram(shop):
    order = orders.failed()
    assert shop.post(f"orders/{order.pk}/take-back/", {"reason": "typo"}).json()["state"] == "draft"
    done = shop.post(f"orders/{order.pk}/cancel/", {"reason": "typo"})
    assert done.json()["state"] == "cancelled"
    again = shop.post(f"orders/{order.pk}/cancel/", {"reason": "typo"})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_split_releases_what_fits_and_answers_with_the_rest(shop):
    orders.decider()
    account = credit.account("50.00")
    whole = orders.submit(orders.draft(account, lines=[orders.line("10.00", quantity="10")]))
    rest = shop.post(f"orders/{whole.pk}/split/", {"version": 1})
    assert (rest.status_code, rest.json()["total"]) == (201, "50.00")
    assert shop.get(f"orders/{whole.pk}/").json()["state"] == "approved"


def test_copy_enters_the_same_order_as_a_draft(shop):
    order = orders.released()
    made = shop.post(f"orders/{order.pk}/copy/")
    assert (made.json()["state"], made.json()["total"]) == ("draft", "90.00")


def test_check_again_releases_what_passes_now(shop):
    order = orders.failed()
    path = f"orders/{order.pk}/check-again/"
    assert shop.post(path).json()["state"] == "credit_failed"
    credit.limits([order.account], "1000.00")
    again = shop.post(path).json()
    assert (again["state"], again["outcome"]) == ("approved", "passed")
    assert caller(Scope.READ).post(path).status_code == 403


def test_list_is_filtered_and_paged_without_counting(shop, django_assert_num_queries):
    made = [orders.draft(credit.account()) for _ in range(5)]
    seen = shop.get("orders/", limit=2, state="draft").json()
    numbers = [order["number"] for order in seen["results"]]
    while seen["next"]:
        seen = shop.client.get(seen["next"], headers=shop.headers).json()
        numbers += [order["number"] for order in seen["results"]]
    assert numbers == [order.number for order in reversed(made)]
    with django_assert_num_queries(1):  # the page; the key is found by a prepared statement
        shop.get("orders/", limit=3)


def test_list_says_which_parameter_is_wrong(shop):
    for query in ({"state": "no"}, {"limit": "0"}, {"after": "nonsense"}, {"fields": "nothing"}):
        answer = shop.get("orders/", **query)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_query"), query


def test_fields_narrow_the_answer(shop):
    order = orders.draft(credit.account())
    assert shop.get(f"orders/{order.pk}/", fields="number,total").json() == {
        "number": order.number,
        "total": "90.00",
    }


def test_salesperson_finds_own_orders_only():
    mine, others = orders.draft(credit.account()), orders.draft(credit.account())
    seller = Caller(user=mine.owner)
    assert seller.get(f"orders/{mine.pk}/").status_code == 200
    assert seller.get(f"orders/{others.pk}/").status_code == 404
    assert [o["id"] for o in seller.get("orders/").json()["results"]] == [mine.pk]


def test_margin_is_shown_to_whoever_may_see_it():
    order = orders.draft(credit.account(), lines=[orders.line("90.00", unit_cost="60.00")])
    seen = Caller(user=person("finance")).get(f"orders/{order.pk}/").json()
    assert (seen["cost"], seen["margin_percent"]) == ("60.00", "33.33")
    hidden = Caller(user=order.owner).get(f"orders/{order.pk}/").json()
    assert (hidden["cost"], hidden["margin_percent"]) == (None, None)
