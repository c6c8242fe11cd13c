import pytest

from credit.days import company_day
from orders import lifecycle
from orders.models import Order
from orders.waiting import place
from tests.factories import credit, orders, policies
from tests.factories.moments import NOW
from tests.orders.pages import account_with_seller, as_role, client_of, row, typed, words

pytestmark = pytest.mark.django_db


def in_ten(limit="50.00"):
    account = credit.account(limit)
    return orders.submit(orders.draft(account, lines=[orders.line("10.00", quantity="10")]))


@pytest.mark.parametrize(
    ("role", "button"),
    [
        ("finance", "/pay/?amount=40.00"),
        ("credit_analyst", "/limit/request/?kind=amount&amp;amount=90.00"),
        ("sales_manager", "/take-back/?next=edit"),
    ],
)
def test_failed_order_offers_what_would_make_it_pass(role, button):
    order = orders.failed("90.00", limit="50.00")
    text = words(as_role(role).get(f"/orders/{order.pk}/"))
    assert "What would make it pass?" in text and button in text
    assert "The customer pays 40.00 CNY in advance." in text


def test_failed_order_keeps_figures_from_those_without_the_right():
    order = orders.failed("90.00", limit="50.00")
    text = words(as_role("warehouse").get(f"/orders/{order.pk}/"))
    assert "What would make it pass?" not in text and "in advance" not in text


def test_approver_sees_what_would_make_it_pass():
    order = orders.failed("90.00", limit="50.00")
    request = orders.open_request(order)
    text = words(as_role("credit_analyst").get(f"/approvals/{request.pk}/"))
    assert "The credit limit is raised by 40.00 to 90.00 CNY." in text


def test_payment_form_is_filled_in_by_the_remedy():
    order = orders.failed("90.00", limit="50.00")
    text = words(as_role("finance").get(f"/orders/{order.pk}/pay/?amount=40.00"))
    assert 'value="40.00"' in text


def test_limit_form_is_filled_in_by_the_remedy():
    order = orders.failed("90.00", limit="50.00")
    url = f"/customers/{order.customer_id}/limit/request/?kind=amount&amount=90.00"
    assert 'value="90.00"' in words(as_role("credit_analyst").get(url))


def test_taking_back_to_reduce_leads_to_the_form():
    order = orders.failed("90.00", limit="50.00")
    made = {"reason": "less", "next": "edit", "token": ""}
    response = client_of(order.owner).post(f"/orders/{order.pk}/take-back/", made)
    assert response.url == f"/orders/{order.pk}/edit/"


def test_quote_says_what_would_be_enough():
    account, seller = account_with_seller("100.00")
    made = typed(account, row(price="150", tax_percent="0"))
    text = words(seller.post("/orders/quote/", made))
    assert "It would pass with 50.00 CNY paid in advance, or reduced by 50.00." in text


def test_split_shows_both_parts_and_makes_them_when_confirmed():
    order = in_ten()
    seller, url = client_of(order.owner), f"/orders/{order.pk}/split/"
    text = words(seller.get(url))
    assert f"Stays on {order.number} and is released" in text and "Becomes a new draft" in text
    assert Order.objects.count() == 1
    text = words(seller.post(url, {"seen_version": "1"}, follow=True))
    rest = Order.objects.exclude(pk=order.pk).get()
    assert f'href="/orders/{rest.pk}/"' in text and "Order split" in text
    assert (Order.objects.get(pk=order.pk).state, rest.state) == ("approved", "draft")


def test_split_that_cannot_be_done_says_so():
    order = orders.failed("90.00", limit="50.00")
    seller, url = client_of(order.owner), f"/orders/{order.pk}/split/"
    assert "No part of order" in words(seller.get(url, follow=True))
    assert "No part of order" in words(seller.post(url, {"seen_version": "1"}, follow=True))


def test_check_again_releases_what_passes_now_and_says_so():
    order = orders.failed("90.00", limit="50.00")
    seller, url = client_of(order.owner), f"/orders/{order.pk}/check-again/"
    assert "still stands in the way" in words(seller.post(url, follow=True))
    credit.limits([order.account], "90.00", valid_from=company_day(NOW))
    assert "Check again now" in words(seller.get(f"/orders/{order.pk}/"))
    text = words(seller.post(url, follow=True))
    assert "passes its checks now" in text and "Released by itself" in text
    assert "Order released by itself" in text


def test_waiting_order_says_which_place_it_has_in_line():
    account = credit.account("10.00")
    first, second = (orders.submit(orders.draft(account)) for _ in range(2))
    assert (place(first), place(second)) == ((1, 2), (2, 2))
    text = words(client_of(second.owner).get(f"/orders/{second.pk}/"))
    assert "number 2 of 2 in line" in text
    assert place(orders.failed()) is None


def decision_page(order, role="credit_analyst", query=""):
    found = order.decisions.latest("pk")
    return words(as_role(role).get(f"/orders/{order.pk}/decisions/{found.pk}/{query}"))


def test_decision_page_says_the_outcome_and_adds_up():
    text = decision_page(orders.failed("90.00", limit="50.00"))
    assert "did not pass: 1 of" in text and "Over the limit" in text
    assert "It applies to every customer without a policy of their own." in text
    assert "Inputs as they were recorded" in text


def test_decision_page_computes_the_decision_again():
    order = orders.failed("90.00", limit="50.00")
    assert "every check comes out the same" in decision_page(order, query="?again=1")


def test_decision_page_says_when_the_decision_comes_out_differently(monkeypatch):
    monkeypatch.setattr("orders.replaying.judge", lambda facts, content: [])
    text = decision_page(orders.failed("90.00", limit="50.00"), query="?again=1")
    assert "it comes out differently" in text


def test_decision_page_shows_the_shadow_to_those_who_look_after_policies():
    content = policies.changed("limit", percent="200")
    policies.publish(content, state="shadow")
    order = orders.failed("90.00", limit="50.00")
    assert "in the shadow" in decision_page(order)
    assert "in the shadow" not in decision_page(order, "customer_service")


def test_decision_page_leads_to_its_neighbours():
    order = orders.failed("90.00", limit="50.00")
    orders.approve(order)
    first, second = order.decisions.order_by("pk")
    assert f"/decisions/{first.pk}/" in decision_page(order)
    text = words(as_role("finance").get(f"/orders/{order.pk}/decisions/{first.pk}/"))
    assert f"/decisions/{second.pk}/" in text


def test_decision_page_keeps_figures_from_those_without_the_right():
    text = decision_page(orders.failed("90.00", limit="50.00"), "warehouse")
    assert "50.00" not in text and "The figures are shown to those" in text


def test_first_order_counts_no_order_that_was_cancelled():
    policies.set_check("first_order", severity="inform")
    account = credit.account()
    orders.cancel(orders.submit(orders.draft(account)))
    order = orders.submit(orders.draft(account))
    assert order.decisions.get().facts["order"]["first"] is True
    later = orders.submit(orders.draft(account))
    assert later.decisions.get().facts["order"]["first"] is False


def test_story_of_a_split_is_on_both_orders():
    kept, rest = lifecycle.split(
        order_id=(order := in_ten()).pk, by=order.owner, at=NOW, seen_version=1
    )
    text = words(client_of(order.owner).get(f"/orders/{rest.pk}/"))
    assert "Split off from another order" in text and kept.number in text
