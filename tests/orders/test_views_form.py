from decimal import Decimal

import pytest

from credit.models import Address
from orders.catalogue import find
from orders.models import Order
from tests.factories import credit, orders
from tests.orders.pages import account_with_seller, as_role, row, typed, words

pytestmark = pytest.mark.django_db


def reshaped(account, seller, *rows, **fields):
    return seller.post("/orders/new/", typed(account, *rows, **fields)).context["form"]


def products(form):
    return [value for line in form.lines if (value := line["product"].value())]


@pytest.mark.parametrize(
    ("wish", "now"),
    [("up-1", ["B", "A", "C"]), ("up-0", ["A", "B", "C"]), ("up-9", ["A", "B", "C"])],
)
def test_lines_are_moved_without_script(wish, now):
    account, seller = account_with_seller()
    rows = [{"product": name, "quantity": "1"} for name in "ABC"]
    assert products(reshaped(account, seller, *rows, do=wish)) == now


def test_pasted_rows_become_lines_and_unknown_ones_are_told_each():
    account, seller = account_with_seller()
    known = orders.product(sku="PIPE-1")
    text = "SKU\t数量\t单价\nPIPE-1\t10\t¥1,200\nNOPE-2\t5\t3\n"
    form = reshaped(account, seller, row(known, "1"), do="paste", pasted=text)
    assert products(form) == ["PIPE-1", "PIPE-1", "NOPE-2"]
    errors = [line.errors.get("product", "") for line in form.lines.filled()]
    assert errors[:2] == ["", ""] and "No product has this SKU" in str(errors[2])
    assert form.lines.complete()[1].line.price == Decimal("1200")


def test_pasted_rows_without_room_stay_in_the_box(monkeypatch):
    monkeypatch.setattr("orders.forms.reshaping.MOST_LINES", 2)
    account, seller = account_with_seller()
    made = typed(account, do="paste", pasted="A\t1\nB\t2\nC\t3")
    response = seller.post("/orders/new/", made)
    assert products(response.context["form"]) == ["A", "B"]
    assert "found no room" in words(response) and "C\t3</textarea>" in words(response)


def test_pasted_rows_are_read_for_the_script():
    answer = as_role("sales").post("/orders/pasted/", {"pasted": "qty\tsku\n2\tA-1"})
    assert answer.json()["rows"] == [
        {
            "product": "A-1",
            "quantity": "2",
            "price": "",
            "discount_percent": "",
            "tax_percent": "",
            "lot": "",
        }
    ]


def test_lots_are_typed_saved_and_not_copied():
    account, seller = account_with_seller()
    seller.post("/orders/new/", typed(account, row(lot=" L-7 ")))
    order = Order.objects.get()
    assert order.lines.get().lot == "L-7"
    assert 'value="L-7"' in words(seller.get(f"/orders/{order.pk}/edit/"))
    assert 'value="L-7"' not in words(seller.get(f"/orders/{order.pk}/copy/"))


def test_new_order_begins_with_the_default_address():
    account, seller = account_with_seller(ship_to_address="1 Old Road")
    credit.address(account.customer, "5 Quay Street", name="Gate 2", default=True)
    response = seller.get(f"/orders/new/?customer={account.customer_id}")
    assert response.context["form"].head["ship_to_address"].value() == "5 Quay Street"
    assert "1 Old Road" in words(response)


def test_address_of_the_book_is_taken_without_script():
    account, seller = account_with_seller(ship_to_address="1 Old Road")
    address = credit.address(account.customer, "5 Quay Street", name="Gate 2")
    form = reshaped(account, seller, do="address", address=str(address.pk))
    said = [form.head[name].value() for name in ("ship_to_name", "ship_to_address")]
    assert said == ["Gate 2", "5 Quay Street"]


def test_address_of_another_customer_is_not_taken():
    account, seller = account_with_seller()
    foreign = credit.address(credit.account().customer)
    form = reshaped(
        account, seller, do="address", address=str(foreign.pk), ship_to_address="9 Typed Lane"
    )
    assert form.head["ship_to_address"].value() == "9 Typed Lane"


def test_typed_address_is_kept_in_the_book_when_asked():
    account, seller = account_with_seller()
    where = {"ship_to_address": "7 New Road", "ship_to_name": "Yard", "keep_address": "on"}
    for _ in range(2):
        seller.post("/orders/new/", typed(account, row(), **where))
    assert str(Address.objects.get()) == "Yard · 7 New Road"
    assert Order.objects.count() == 2


def test_quote_says_which_terms_are_longer_than_the_customers_own():
    account, seller = account_with_seller(payment_days=30)
    made = typed(account, row(), payment_days="75")
    text = words(seller.post("/orders/quote/", made))
    assert "45 days longer than the customer's own terms (30 days)" in text


@pytest.mark.parametrize(
    ("price", "said"), [("9.00", "10.0% below the list"), ("12.00", "20.0% above the list")]
)
def test_quote_says_how_far_a_price_is_from_the_list(price, said):
    account, seller = account_with_seller()
    made = typed(account, row(orders.product("10.00"), price=price))
    assert said in words(seller.post("/orders/quote/", made))


def test_quote_shows_the_margin_of_a_line_to_those_who_may_see_it():
    account, seller = account_with_seller()
    made = typed(account, row(orders.product("10.00", cost="6.00"), price="5.00"))
    assert "margin" not in words(seller.post("/orders/quote/", made)).lower()
    text = words(as_role("sales_manager").post("/orders/quote/", made))
    assert '<span class="line-problem">margin −20.0%' in text


@pytest.mark.parametrize("words_typed", ["钢管 DN50", "dn50 管", "pipe-9 钢"])
def test_products_are_found_by_words_in_any_order(words_typed):
    orders.product(sku="PIPE-9", name="不锈钢管 DN50"), orders.product(name="不锈钢管 DN80")
    answer = as_role("sales").get("/orders/product-options/", {"q": words_typed, "currency": "CNY"})
    assert [product.sku for product, _price in answer.context["offers"]] == ["PIPE-9"]


@pytest.mark.parametrize("odd", ["%", "_", "\\", "'", "a%b", "''||"])
def test_odd_words_are_looked_for_as_they_are(odd):
    orders.product(name="plain"), orders.product(sku="ODD-1", name=f"has {odd} in it")
    answer = as_role("sales").get("/orders/product-options/", {"q": odd, "currency": "CNY"})
    assert [product.sku for product, _price in answer.context["offers"]] == ["ODD-1"]


def test_a_sheet_of_unknown_skus_costs_no_query_each(django_assert_max_num_queries):
    account, seller = account_with_seller()
    counted = []
    for number in (40, 400):
        rows = [{"product": f"NOPE-{place}", "quantity": "1"} for place in range(number)]
        with django_assert_max_num_queries(200) as queries:
            text = words(seller.post("/orders/quote/", typed(account, *rows)))
        counted.append(len(queries))
        assert text.count("No product has this SKU") == number
    assert counted[0] == counted[1]


def test_lines_of_known_products_cost_no_query_each(django_assert_max_num_queries):
    account, seller = account_with_seller()
    counted = []
    for number in (2, 30):
        rows = [row() for _ in range(number)]
        with django_assert_max_num_queries(200) as queries:
            seller.post("/orders/quote/", typed(account, *rows))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_words_that_mean_many_products_are_told_so():
    made = [orders.product(name=f"Desk lamp {number}") for number in range(9)]
    problem = find(["Desk lamp"], "CNY")["Desk lamp"].problem
    assert problem.startswith("Many products match") and made[-1].sku not in problem
