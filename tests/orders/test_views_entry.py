from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Decision, Order
from tests.factories import credit, orders
from tests.orders.pages import account_with_seller, as_role, client_of, row, typed, words

pytestmark = pytest.mark.django_db


def the_order():
    return Order.objects.get()


def test_new_asks_for_the_customer_first():
    account, seller = account_with_seller(name="Harbour Trading")
    other = credit.account(name="Harbour of somebody else")
    text = words(seller.get("/orders/new/?q=harb"))
    assert f"?customer={account.customer_id}" in text
    assert f"?customer={other.customer_id}" not in text


def test_new_prefills_terms_and_address_of_the_customer():
    account, seller = account_with_seller(payment_days=45, ship_to_address="5 Quay Street")
    text = words(seller.get(f"/orders/new/?customer={account.customer_id}"))
    assert 'value="45"' in text and 'value="5 Quay Street"' in text


def test_saving_a_draft_takes_price_and_tax_of_the_product_where_none_is_typed():
    account, seller = account_with_seller()
    product = orders.product("12.50", tax_percent=Decimal("13.00"))
    seller.post("/orders/new/", typed(account, row(product, "2"), {"product": ""}))
    order = the_order()
    line = order.lines.get()
    assert (order.net, order.tax, order.state) == (Decimal("25.00"), Decimal("3.25"), "draft")
    assert (line.price, line.list_price) == (Decimal("12.50"), Decimal("12.50"))


def test_saving_reads_figures_as_people_type_them():
    account, seller = account_with_seller()
    seller.post("/orders/new/", typed(account, row(quantity="１，０００.5", price=" 1,234.50 ")))
    line = the_order().lines.get()
    assert (line.quantity, line.price) == (Decimal("1000.500"), Decimal("1234.50"))


def test_product_is_found_by_its_name_in_any_case():
    account, seller = account_with_seller()
    product = orders.product(name="Copper wire")
    seller.post("/orders/new/", typed(account, {"product": "copper W", "quantity": "1"}))
    assert the_order().lines.get().product == product


@pytest.mark.parametrize(("limit", "state"), [("1000.00", "approved"), ("10.00", "credit_failed")])
def test_submitting_puts_the_order_through_the_gate(limit, state):
    account, seller = account_with_seller(limit)
    made = typed(account, row(price="100", tax_percent="0"), do="submit")
    response = seller.post("/orders/new/", made, follow=True)
    assert the_order().state == state
    assert response.redirect_chain[-1][0] == f"/orders/{the_order().pk}/"


def test_double_click_makes_one_order():
    account, seller = account_with_seller()
    made = typed(account, row(), token="abc", do="submit")
    first, second = (seller.post("/orders/new/", made) for _ in range(2))
    assert first.url == second.url == f"/orders/{the_order().pk}/"


def test_same_token_of_another_person_makes_another_order():
    for _ in range(2):
        account, seller = account_with_seller()
        seller.post("/orders/new/", typed(account, row(), token="abc"))
    assert Order.objects.count() == 2


@pytest.mark.parametrize(("wish", "left"), [("more", ["A-1", "B-2"]), ("remove-0", ["B-2"])])
def test_lines_are_added_and_removed_without_script(wish, left):
    account, seller = account_with_seller()
    rows = {"product": "A-1", "quantity": "x"}, {"product": "B-2", "price": "2"}
    response = seller.post("/orders/new/", typed(account, *rows, do=wish, note="by hand"))
    form = response.context["form"]
    shown = [line["product"].value() for line in form.lines]
    assert shown == [*left, None, None, None]
    assert form.head["note"].value() == "by hand"
    assert not Order.objects.exists()


def test_edit_replaces_the_lines_and_makes_a_version():
    account, seller = account_with_seller()
    order = orders.draft(account)
    assert 'name="seen_version" value="1"' in words(seller.get(f"/orders/{order.pk}/edit/"))
    seller.post(f"/orders/{order.pk}/edit/", typed(account, row(), row(), seen_version="1"))
    order = the_order()
    assert (order.version, order.lines.count()) == (2, 2)


def test_stale_edit_changes_nothing_and_keeps_what_was_typed():
    account, seller = account_with_seller()
    order = orders.draft(account)
    made = typed(account, row(), note="mine", seen_version="0")
    response = seller.post(f"/orders/{order.pk}/edit/", made)
    assert (response.status_code, the_order().version) == (409, 1)
    assert "Somebody changed order" in words(response) and "mine" in words(response)
    assert 'name="seen_version" value="1"' in words(response)


def test_edit_is_offered_for_drafts_only():
    order = orders.released()
    response = client_of(order.owner).get(f"/orders/{order.pk}/edit/", follow=True)
    assert "Only a draft can be changed" in words(response)


def test_copy_fills_the_form_and_saves_nothing():
    account, seller = account_with_seller()
    product = orders.product("10.00")
    seller.post("/orders/new/", typed(account, row(product, "7")))
    product.prices.update(price=Decimal("11.00"))
    response = seller.get(f"/orders/{the_order().pk}/copy/")
    line = response.context["form"].lines.complete()[0].line
    assert (line.quantity, line.price) == (Decimal(7), Decimal("11.00"))


def test_quote_says_what_the_gate_would_say_and_writes_nothing():
    account, seller = account_with_seller("100.00")
    made = typed(account, row(price="150", tax_percent="0"))
    text = words(seller.post("/orders/quote/", made))
    assert "Used 0.00 + this order 150.00 = 150.00 CNY, 50.00 over the limit of 100.00." in text
    assert not Order.objects.exists() and not Decision.objects.exists()


def test_quote_counts_complete_lines_only():
    account, seller = account_with_seller()
    made = typed(account, row(price="5", tax_percent="0"), {"product": "nothing like this"})
    response = seller.post("/orders/quote/", made)
    assert response.context["quote"].totals.total == Decimal("5.00")
    assert "1 line is not complete yet" in words(response)


def test_quote_shows_the_margin_to_those_who_may_see_it():
    account, seller = account_with_seller()
    made = typed(account, row(orders.product("10.00", cost="6.00")))
    assert "40.0%" not in words(seller.post("/orders/quote/", made))
    assert "40.0%" in words(as_role("sales_manager").post("/orders/quote/", made))


def test_product_options_offer_what_has_a_price_in_the_currency():
    orders.product(sku="WIRE-1"), orders.product(sku="WIRE-2", currency="USD")
    orders.product(sku="WIRE-3", active=False)
    text = words(as_role("sales").get("/orders/product-options/?q=wire&currency=CNY"))
    assert 'data-sku="WIRE-1"' in text and "WIRE-2" not in text and "WIRE-3" not in text


def test_promised_day_ends_where_the_reader_is():
    account, seller = account_with_seller()
    day = timezone.localdate(timezone.now()).isoformat()
    seller.post("/orders/new/", typed(account, promised_on=day))
    assert timezone.localtime(the_order().promised_at).isoformat().startswith(f"{day}T23:59:59")
