from datetime import timedelta

import pytest

from orders.models import Misjudgment
from staff.api.scopes import Scope
from tests.factories import credit, orders
from tests.factories.api import Caller, caller
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything():
    return caller(*Scope.values)


def wanted(account, **values):
    sku = orders.product("10.00", tax_percent="0").sku
    return {
        "customer": account.customer.code,
        "lines": [{"sku": sku, "quantity": "9"}],
        "submit": True,
    } | values


def test_bulk_gives_each_order_its_own_verdict(everything):
    orders.decider()
    account = credit.account("100.00")
    body = [
        wanted(account, external_id="A"),
        wanted(account, external_id="B"),
        wanted(account, external_id="A"),
        wanted(account, submit=False),
        wanted(account, customer="NOBODY"),
        {"lines": 7},
    ]
    answer = everything.post("orders/bulk/", {"orders": body})
    assert answer.status_code == 200
    told = [
        (one["order"] and one["order"]["state"], one["refused"] and one["refused"]["code"])
        for one in answer.json()["results"]
    ]
    assert told == [
        ("approved", None),
        ("credit_failed", None),
        (None, "external_id_taken"),
        ("draft", None),
        (None, "invalid"),
        (None, "invalid"),
    ]
    second = answer.json()["results"][1]["order"]
    assert (second["number"][:3], second["reasons"][0]["code"]) == ("SO-", "limit")


def test_bulk_asks_a_fixed_number_of_queries(everything, django_assert_max_num_queries):
    account = credit.account()
    many = {"orders": [wanted(account) for _ in range(12)]}
    everything.post("orders/bulk/", many)
    with django_assert_max_num_queries(45):
        everything.post("orders/bulk/", many)


def test_bulk_takes_a_thousand_and_no_more(everything):
    answer = everything.post("orders/bulk/", {"orders": [{}] * 1001})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["orders"])


def test_goods_and_money_take_an_order_to_its_end(everything):
    order = orders.in_pieces("10.00", limit="1000.00")
    path = f"orders/{order.pk}/"
    part = everything.post(f"{path}shipments/", {"lines": [{"position": 1, "quantity": "4"}]})
    assert (part.status_code, part.json()["state"]) == (201, "partly_shipped")
    assert part.json()["shipments"][0]["lines"][0]["quantity"] == "4.000"
    assert everything.post(f"{path}shipments/").json()["state"] == "shipped"
    assert everything.post(f"{path}deliver/").json()["state"] == "delivered"
    invoiced = everything.post(f"{path}invoices/", {"number": "INV-A"}).json()
    assert invoiced["invoices"][0]["amount"] == "100.00"
    paid = everything.post(f"{path}payments/", {"amount": "100.00", "reference": "T1"})
    assert (paid.status_code, paid.json()["state"]) == (201, "completed")
    line = [{"position": 1, "quantity": "1"}]
    back = everything.post(f"{path}returns/", {"lines": line, "reason": "broken"}).json()
    assert (back["returns"][0]["amount"], back["overpaid"]) == ("10.00", "10.00")
    refund = everything.post(f"{path}refunds/", {"amount": "10.00", "reason": "broken"})
    assert refund.json()["refunds"][0]["amount"] == "10.00"


def test_close_short_gives_the_rest_up(everything):
    order = orders.partly_shipped()
    done = everything.post(f"orders/{order.pk}/close-short/", {"reason": "sold out"}).json()
    assert (done["state"], done["owed"]) == ("shipped", "40.00")


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("shipments", {"lines": [{"position": 9, "quantity": "1"}]}, "invalid"),
        ("shipments", {"lines": [{"position": 1, "quantity": "99"}]}, "invalid_quantity"),
        ("payments", {"amount": "1.00", "happened_at": "2999-01-01T00:00Z"}, "invalid"),
        ("payments", {"amount": "0"}, "invalid"),
        ("invoices", {"number": "X", "amount": "1000"}, "order_refused"),
    ],
)
def test_what_cannot_have_happened_is_refused(everything, path, body, code):
    order = orders.in_pieces("10.00")
    answer = everything.post(f"orders/{order.pk}/{path}/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_what_is_to_come_is_refused(everything, time_machine):
    order, soon = orders.released(), NOW + timedelta(hours=1)
    time_machine.move_to(NOW, tick=False)
    body = {"amount": "1.00", "happened_at": soon.isoformat()}
    answer = everything.post(f"orders/{order.pk}/payments/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "in_future")


def test_held_order_does_not_ship_until_a_person_releases_it(everything):
    order = orders.released()
    hold = {"reason": "address", "note": "which door?"}
    placed = everything.post(f"orders/{order.pk}/holds/", hold)
    assert placed.status_code == 201
    refused = everything.post(f"orders/{order.pk}/shipments/")
    assert (refused.status_code, refused.json()["code"]) == (409, "order_held")
    number = placed.json()["id"]
    note = {"note": "door 4"}
    assert everything.post(f"holds/{number}/release/", note).status_code == 403
    analyst = Caller(user=person("credit_analyst"))
    assert analyst.post(f"holds/{number}/release/", note).json()["release_note"] == "door 4"
    wrong = {"reason": "the door was known"}
    assert analyst.post(f"holds/{number}/misjudgment/", wrong).status_code == 201
    assert everything.get("holds/").json()["results"] == []
    assert everything.get("holds/", released="true").json()["results"][0]["id"] == number


def test_misjudged_check_is_marked_by_an_approver():
    order = orders.failed()
    analyst = Caller(user=person("credit_analyst"))
    mark = {"code": "limit", "reason": "limit was raised by letter"}
    assert analyst.post(f"orders/{order.pk}/misjudgments/", mark).status_code == 201
    assert Misjudgment.objects.get().code == "limit"
    assert analyst.post(f"orders/{order.pk}/misjudgments/", mark).status_code == 422


def test_condition_is_met_by_finance(everything):
    order = orders.conditional(orders.failed(), orders.guarantee())
    condition = order.conditions.get()
    seen = everything.get(f"orders/{order.pk}/").json()["conditions"][0]
    assert (seen["id"], seen["met"], seen["keeps_back"]) == (condition.pk, False, True)
    finance = Caller(user=person("finance"))
    done = finance.post(f"conditions/{condition.pk}/meet/", {"evidence": "letter 12"}).json()
    assert done["conditions"][0]["state"] == "met"
    answer = everything.post(f"conditions/{condition.pk}/meet/", {"evidence": "x"})
    assert answer.status_code == 403


def test_quote_foretells_the_verdict_and_writes_nothing(everything):
    account = credit.account("50.00")
    body = {name: value for name, value in wanted(account).items() if name != "submit"}
    told = everything.post("orders/quote/", body, once="").json()
    assert (told["passes"], told["total"], told["headroom"]) == (False, "90.00", "50.00")
    assert (told["need"], told["prepay"]) == ("90.00", "40.00")
    assert not account.orders.exists()


def test_remedies_decisions_and_timeline_of_a_failed_order(everything):
    order = orders.failed()
    advice = everything.get(f"orders/{order.pk}/remedies/").json()
    assert (advice["passes"], "prepay" in {one["code"] for one in advice["alone"]}) == (False, True)
    [decision] = everything.get(f"orders/{order.pk}/decisions/").json()["results"]
    assert (decision["outcome"], decision["excess"]) == ("failed", "40.00")
    story = everything.get(f"orders/{order.pk}/timeline/").json()["results"]
    assert [event["title"] for event in story][-1] == "Order entered"


def test_products_show_prices_and_cost_to_whoever_may():
    made = orders.product("10.00", cost="6.00")
    seen = caller(Scope.READ).get(f"products/{made.pk}/").json()
    assert seen["prices"] == [{"currency": "CNY", "price": "10.00", "cost": "6.00"}]
    assert caller().get(f"products/{made.pk}/").json()["prices"][0]["cost"] is None
    found = caller().get("products/", q=made.sku).json()["results"]
    assert [product["sku"] for product in found] == [made.sku]


def test_flag_is_raised_and_lifted():
    risk, made = caller(Scope.RISK), orders.product()
    body = {"kind": "quality", "sku": made.sku, "evidence": "complaint 12"}
    flag = risk.post("product-flags/", body)
    assert (flag.status_code, flag.json()["sku"]) == (201, made.sku)
    again = risk.post("product-flags/", body)
    assert (again.status_code, again.json()["code"]) == (422, "order_refused")
    lifted = risk.post(f"product-flags/{flag.json()['id']}/lift/", {"note": "tested"})
    assert lifted.json()["lift_note"] == "tested"
