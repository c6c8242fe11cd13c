import pytest

from orders.models import Order
from tests.factories import credit, orders
from tests.factories.traces import everything
from tests.orders.pages import as_role, client_of, row, typed, words

pytestmark = pytest.mark.django_db


def released(total="90.00", **values):
    order = orders.released(total, **values)
    return order, client_of(order.owner)


def amended(changed, *rows, **fields):
    values = {"reason": "the customer asked", "seen_version": str(changed.version), "do": "amend"}
    return typed(changed.account, *rows, **values | fields)


def free(price):
    return row(price=price, tax_percent="0")


def test_amend_shows_the_order_and_what_would_become_of_it():
    order, seller = released(limit="100.00")
    text = words(seller.get(f"/orders/{order.pk}/amend/"))
    assert "Why it changes" in text and "Stays released" in text
    assert "error-summary" not in text and "field-error" not in text


def test_amend_changes_the_order_and_says_that_it_stays_released():
    order, seller = released(limit="100.00")
    url = f"/orders/{order.pk}/amend/"
    text = words(seller.post(url, amended(order, free("95.00")), follow=True))
    assert "is changed and stays released" in text
    assert "Total from 90.00 to 95.00 CNY, 5.00 more." in text
    assert Order.objects.get().version == 2


def test_amend_beyond_the_limit_says_that_an_approver_decides():
    order, seller = released(limit="100.00")
    url = f"/orders/{order.pk}/amend/"
    text = words(seller.post(url, amended(order, free("150.00")), follow=True))
    assert "Its release is void" in text and Order.objects.get().state == "credit_failed"


def test_amend_needs_a_reason_and_keeps_what_was_typed():
    order, seller = released()
    url = f"/orders/{order.pk}/amend/"
    response = seller.post(url, amended(order, free("95.00"), reason=" ", note="ring"))
    assert response.status_code == 422 and "ring" in words(response)
    assert Order.objects.get().version == 1


def test_stale_amendment_changes_nothing_and_keeps_the_reason():
    order, seller = released()
    url = f"/orders/{order.pk}/amend/"
    response = seller.post(url, amended(order, free("95.00"), seen_version="9"))
    assert response.status_code == 409 and "the customer asked" in words(response)
    assert 'value="amend"' in words(response) and Order.objects.get().version == 1


def test_amend_keeps_the_lots_of_its_lines():
    account = credit.account()
    product = orders.product()
    line = orders.line("90.00", product_id=product.pk, lot="L-7")
    order = orders.submit(orders.draft(account, lines=[line]))
    seller = client_of(order.owner)
    page = f"/orders/{order.pk}/amend/"
    lots = [line["lot"].value() for line in seller.get(page).context["form"].lines.filled()]
    assert lots == ["L-7"]
    seller.post(page, amended(order, row(product, price="80", lot=lots[0])))
    assert order.lines.get().lot == "L-7"


def test_amend_shows_before_and_after_while_it_is_typed():
    order, seller = released(limit="1000.00")
    made = amended(order, free("95.00"), ship_to_address="9 New Road", order=str(order.pk))
    changes = seller.post("/orders/quote/", made).context["quote"].changes
    told = {pair.label: (pair.before, pair.after) for pair in changes}
    assert told["Ship-to address"] == ("", "9 New Road")
    assert told["Total"] == ("90.00 CNY", "95.00 CNY")
    old = order.lines.get().product
    assert told[f"{old.sku} {old.name}"] == ("1 × 90.00, tax 0 %", "")


def test_amend_that_changes_nothing_compares_nothing():
    order, seller = released()
    response = seller.get(f"/orders/{order.pk}/amend/")
    assert response.context["quote"].changes == []
    assert "Nothing differs from the released order yet." in words(response)


def test_amend_adds_lines_without_script():
    order, seller = released()
    made = amended(order, free("95.00"), do="more")
    text = words(seller.post(f"/orders/{order.pk}/amend/", made))
    assert 'name="lines-3-product"' in text and "the customer asked" in text


@pytest.mark.parametrize("make", [orders.failed, orders.shipped])
def test_amend_is_offered_for_released_orders_only(make):
    order = make()
    response = client_of(order.owner).get(f"/orders/{order.pk}/amend/", follow=True)
    assert "Only a released order" in words(response)


@pytest.mark.parametrize(
    ("price", "told"),
    [("95.00", "Stays released"), ("100.01", "Needs approval again")],
)
def test_quote_of_a_change_says_what_would_become_of_the_release(price, told):
    order, seller = released(limit="100.00")
    before = everything()
    made = amended(order, free(price), order=str(order.pk), reason="")
    assert told in words(seller.post("/orders/quote/", made))
    assert everything() == before


def test_quote_of_a_change_says_why_an_approval_does_not_cover_it():
    order = orders.failed("90.00", limit="50.00")
    orders.approve(order)
    made = amended(order, free("90.00"), order=str(order.pk), payment_days="60")
    text = words(client_of(order.owner).post("/orders/quote/", made))
    assert "The payment terms or the ship-to changed" in text
    made = amended(order, free("91.00"), order=str(order.pk))
    text = words(client_of(order.owner).post("/orders/quote/", made))
    assert "The order grew beyond the 90.00 CNY" in text
    made = amended(order, free("80.00"), order=str(order.pk))
    text = words(client_of(order.owner).post("/orders/quote/", made))
    assert "The approval that was given covers the change." in text


def test_approver_sees_what_changed_since_the_release():
    order, seller = released(limit="100.00")
    seller.post(f"/orders/{order.pk}/amend/", amended(order, free("150.00")))
    request = orders.open_request(order)
    text = words(as_role("credit_analyst").get(f"/approvals/{request.pk}/"))
    assert "Total from 90.00 to 150.00 CNY, 60.00 more." in text
