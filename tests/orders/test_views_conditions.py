"""Conditions of a release on the pages: what is missing, who may confirm, what can ship."""

import pytest

from orders.models import Order
from tests.factories import orders
from tests.orders.pages import as_role, client_of, words

pytestmark = pytest.mark.django_db


def waiting(*wanted, total="90.00"):
    return orders.conditional(
        orders.failed(total), *(wanted or (orders.prepay(), orders.guarantee("bank letter")))
    )


def page(order, role="warehouse"):
    return words(as_role(role).get(f"/orders/{order.pk}/"))


@pytest.mark.parametrize("role", ["warehouse", "finance", "approver_1", "sales_manager"])
def test_order_page_shows_what_is_missing(role):
    order = orders.pay(waiting(), "12.00")
    text = page(order, role)
    assert "Conditions of the release" in text and "bank letter" in text
    assert "12.00 of 27.00 CNY prepaid" in text


@pytest.mark.parametrize(
    ("role", "offered"), [("finance", True), ("credit_analyst", True), ("warehouse", False)]
)
def test_order_page_offers_to_confirm_to_those_who_may(role, offered):
    order = waiting()
    address = f"/conditions/{order.conditions.get(kind='guarantee').pk}/meet/"
    assert (address in page(order, role)) is offered


def test_order_page_says_why_it_cannot_ship():
    order = waiting()
    assert "waits for a condition of its release" in page(order)
    response = as_role("warehouse").get(f"/orders/{order.pk}/ship/", follow=True)
    assert "30% must be paid in advance" in words(response)


def test_ship_page_tells_how_much_may_leave():
    order = waiting(orders.up_to("40.00"))
    assert "40.00 CNY more may ship" in words(as_role("warehouse").get(f"/orders/{order.pk}/ship/"))


def test_ship_that_is_refused_names_the_condition():
    order = waiting(orders.up_to("40.00"))
    sent = {"happened_at": "2026-03-02T09:00", "token": "a"}
    sent |= {f"line_{line.pk}": "1" for line in order.lines.all()}
    response = as_role("warehouse").post(f"/orders/{order.pk}/ship/", sent)
    assert response.status_code == 422 and "released on conditions" in words(response)
    assert Order.objects.get(pk=order.pk).state == "approved"


def test_meet_confirms_with_evidence():
    condition = waiting().conditions.get(kind="guarantee")
    finance = as_role("finance")
    assert "bank letter" in words(finance.get(f"/conditions/{condition.pk}/meet/"))
    finance.post(f"/conditions/{condition.pk}/meet/", {"evidence": "scan 12", "token": "a"})
    condition.refresh_from_db()
    assert (condition.state, condition.evidence) == ("met", "scan 12")


def test_meet_without_evidence_is_asked_again():
    condition = waiting().conditions.get(kind="guarantee")
    response = as_role("finance").post(f"/conditions/{condition.pk}/meet/", {"token": "a"})
    assert response.status_code == 422


def test_meet_of_a_condition_that_is_met_leads_back():
    condition = waiting().conditions.get(kind="guarantee")
    orders.meet(condition)
    response = as_role("finance").get(f"/conditions/{condition.pk}/meet/")
    assert response.status_code == 302


def test_meet_of_an_order_of_others_is_not_found():
    condition = waiting().conditions.get(kind="guarantee")
    seller = client_of(orders.released().owner)
    assert seller.get(f"/conditions/{condition.pk}/meet/").status_code in (403, 404)


@pytest.mark.parametrize("query", ["?view=conditional", "?conditional=on"])
def test_order_list_finds_what_waits_for_a_condition(query):
    order = waiting()
    waiting(orders.pay_within())
    orders.released()
    response = as_role("warehouse").get(f"/orders/{query}")
    assert [row.pk for row in response.context["page"].rows] == [order.pk]
    assert "aits for a condition" in words(response)


def test_ready_to_ship_leaves_out_what_waits_for_a_condition():
    order = waiting(orders.prepay())
    warehouse = as_role("warehouse")
    assert warehouse.get("/orders/?view=to_ship").context["page"].rows == []
    orders.pay(order, "27.00")
    assert len(warehouse.get("/orders/?view=to_ship").context["page"].rows) == 1


def test_timeline_tells_each_condition_in_words():
    order = waiting(orders.prepay("30"), orders.pay_within(15), orders.up_to("40.00"))
    text = page(order, "finance")
    assert "30% of the total is paid" in text and "within 15 days" in text
    assert "Released up to 40.00 CNY" in text
