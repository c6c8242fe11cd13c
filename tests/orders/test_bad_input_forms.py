"""Wrong submissions of the order pages: each answered with a clear message, nothing changed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credit.models import Invoice, LedgerEntry
from journal.models import Entry
from orders.models import Hold, Order, OrderLine, Payment, Shipment
from tests.factories import credit, orders
from tests.orders.pages import account_with_seller, as_role, row, typed, words

pytestmark = pytest.mark.django_db
WATCHED = (Order, OrderLine, Payment, Shipment, Hold, Invoice, LedgerEntry, Entry)


def everything():
    """All that a submission could change, to compare before and after."""
    return [list(model.objects.order_by("pk").values()) for model in WATCHED]


def line(**values):
    return lambda: [row() | values]


def product(**values):
    return lambda: [row(orders.product(**values))]


# What is typed in the order form -> a part of the message.
LINES = {
    "negative quantity": (line(quantity="-1"), "quantity must be more than 0"),
    "no pieces": (line(quantity="0"), "quantity must be more than 0"),
    "huge quantity": (line(quantity="9" * 13), "At most"),
    "too many decimals": (line(quantity="1.23456"), "decimal places"),
    "quantity missing": (line(quantity=""), "Write how many."),
    "quantity in words": (line(quantity="two"), "Write a figure such as"),
    "quantity as formula": (line(quantity="=1+1"), "Write a figure such as"),
    "price of 10^30": (line(price="1" + "0" * 30), "At most"),
    "price longer than a line": (line(price="9" * 500), "Write a figure such as"),
    "negative price": (line(price="-0.01"), "price cannot be negative"),
    "price NaN": (line(price="NaN"), "Write a figure such as"),
    "price Infinity": (line(price="Infinity"), "Write a figure such as"),
    "price as a power": (line(price="1e9"), "Write a figure such as"),
    "comma before decimals": (line(price="12,5"), "with a point before the decimals"),
    "price with NUL": (line(price="1\x000"), "Write a figure such as"),
    "discount above 100": (line(discount_percent="100.01"), "between 0 and 100"),
    "negative discount": (line(discount_percent="-5"), "between 0 and 100"),
    "tax above 100": (line(tax_percent="170"), "between 0 and 100"),
    "unknown product": (line(product="NO-SUCH"), "No product has this SKU"),
    "product missing": (line(product=""), "Write the SKU or the name"),
    "product with NUL": (line(product="A\x00B"), "Null characters"),
    "product name too long": (line(product="x" * 201), "at most 200 characters"),
    "product no longer sold": (product(active=False), "is no longer sold"),
    "product without a price": (product(currency="USD"), "has no price in CNY"),
    "more lines than fit": (lambda: [{"product": "x"}] * 501, "at most 500 lines"),
    "order larger than can be stored": (
        lambda: [row(quantity="999999999", price="9999999999")] * 2,
        "too large",
    ),
    "no lines at all": (list, "Add at least one line"),
}
HEADERS = {
    "tampered currency": ({"currency": "USD"}, "USD is not one of the available choices"),
    "unknown currency": ({"currency": "ZZZZ"}, "ZZZZ is not one of the available choices"),
    "terms missing": ({"payment_days": ""}, "required"),
    "terms out of range": ({"payment_days": "366"}, "from 0 to 365 days"),
    "terms no number": ({"payment_days": "soon"}, "whole number"),
    "broken date": ({"promised_on": "2026-02-30"}, "valid date"),
    "day past": ({"promised_on": "2020-01-01"}, "This day is past"),
    "address too long": ({"ship_to_address": "x" * 301}, "at most 300 characters"),
    "note too long": ({"note": "x" * 2001}, "at most 2000 characters"),
    "form without its line count": ({"lines-TOTAL_FORMS": "many"}, "arrived incomplete"),
}


def refused(client, url, data, message, status=422):
    before = everything()
    response = client.post(url, data)
    assert response.status_code == status
    assert message in words(response)
    assert everything() == before
    return response


@pytest.mark.parametrize("case", LINES)
def test_wrong_lines_are_refused(case):
    rows, message = LINES[case]
    account, seller = account_with_seller("100.00")
    response = refused(seller, "/orders/new/", typed(account, *rows(), do="submit"), message)
    assert 'class="error-summary"' in words(response)


@pytest.mark.parametrize("case", HEADERS)
def test_wrong_headers_are_refused(case):
    fields, message = HEADERS[case]
    account, seller = account_with_seller()
    made = typed(account, row(), note="typed with care") | fields
    refused(seller, "/orders/new/", made, message)


@pytest.mark.parametrize("customer", ["other", "", "0", "abc", "-1", "9" * 30, "1 OR 1=1"])
def test_order_for_a_customer_of_others_or_of_nobody_is_not_found(customer):
    account, seller = account_with_seller()
    other = str(credit.account().customer_id)
    made = typed(account, row()) | {"customer": other if customer == "other" else customer}
    before = everything()
    assert seller.post("/orders/new/", made).status_code == 404
    assert seller.post("/orders/quote/", made).status_code == 404
    assert everything() == before


def test_customer_without_an_account_is_not_offered_the_form():
    customer = credit.customer()
    client = as_role("sales_manager")
    assert client.get(f"/orders/new/?customer={customer.pk}").status_code == 404
    assert "No credit account yet" in words(client.get("/orders/new/"))


def at(**ago):
    moment = timezone.localtime(timezone.now() - timedelta(**ago))
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def payment(**values):
    return {"amount": "1", "method": "transfer", "happened_at": at(hours=1)} | values


# Role, action, what is sent -> a part of the message.
ACTS = {
    "pay nothing": ("finance", "pay", payment(amount="0"), "more than 0"),
    "pay less than nothing": ("finance", "pay", payment(amount="-5"), "more than 0"),
    "pay parts of cents": ("finance", "pay", payment(amount="0.001"), "more than 0"),
    "pay 10^30": ("finance", "pay", payment(amount="1" + "0" * 30), "At most"),
    "pay NaN": ("finance", "pay", payment(amount="NaN"), "Write a figure"),
    "pay in future": ("finance", "pay", payment(happened_at=at(days=-1)), "in the future"),
    "pay long ago": ("finance", "pay", payment(happened_at="0001-01-01T00:00:00"), "time"),
    "pay at no time": ("finance", "pay", payment(happened_at="25 o'clock"), "valid date/time"),
    "pay by magic": ("finance", "pay", payment(method="magic"), "Select a valid choice"),
    "pay, long reference": ("finance", "pay", payment(reference="x" * 81), "at most 80"),
    "pay, reference again": ("finance", "pay", payment(reference="TT-1"), "recorded already"),
    "ship in future": ("warehouse", "ship", {"happened_at": at(days=-2)}, "in the future"),
    "ship, long carrier": (
        "warehouse",
        "ship",
        {"happened_at": at(), "carrier": "x" * 81},
        "at most 80",
    ),
    "deliver the unshipped": ("warehouse", "deliver", {"happened_at": at()}, "cannot be done now"),
    "invoice without number": (
        "finance",
        "invoice",
        {"happened_at": at(), "number": " "},
        "required",
    ),
    "hold without reason": ("warehouse", "hold", {"note": "x"}, "required"),
    "hold for no known reason": (
        "warehouse",
        "hold",
        {"reason": "magic", "note": "x"},
        "Select a valid choice",
    ),
    "hold, endless note": ("warehouse", "hold", {"reason": "other", "note": "x" * 1001}, "1000"),
    "cancel without reason": ("sales_manager", "cancel", {"reason": "  "}, "required"),
    "take back what passed": ("sales_manager", "take-back", {"reason": "x"}, "cannot be done now"),
}


@pytest.mark.parametrize("case", ACTS)
def test_wrong_acts_are_refused(case):
    role, verb, data, message = ACTS[case]
    order = orders.released()
    orders.pay(order, "1.00", reference="TT-1")
    refused(as_role(role), f"/orders/{order.pk}/{verb}/", data, message)


ADDRESSES = {
    "/orders/?state=nonsense": 400,
    "/orders/?since=yesterday": 400,
    "/orders/?since=2026-05-01&until=2026-01-01": 400,
    "/orders/?least=NaN": 400,
    "/orders/?least=9&most=1": 400,
    "/orders/?owner=abc": 400,
    "/orders/?currency=ZZZ": 400,
    "/orders/?customer=nobody": 400,
    "/orders/?q=%00": 400,
    "/orders/?after=nonsense": 400,
    "/orders/?after=W10": 400,
    "/orders/?before=WyJ4IiwieCJd": 400,
    "/orders/export/?state=nonsense": 400,
    "/orders/?view=nonsense&sort=nonsense": 200,
    "/orders/?q=%25_'%22;--": 200,
    "/orders/?q=SO-999999999999999999": 200,
    "/products/?sold=perhaps": 400,
    "/holds/?after=nonsense": 400,
    "/customers/?status=nonsense": 400,
    "/customers/?after=nonsense": 400,
    "/orders/99999999999999999999999/": 404,
    "/orders/0/": 404,
    "/holds/99999999999999999999999/release/": 404,
    "/customers/99999999999999999999999/": 404,
    "/orders/product-options/?q=%00%00&currency=CNYX": 200,
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_wrong_addresses_are_answered_clearly(url):
    assert (
        as_role("credit_analyst" if "hold" in url else "sales_manager").get(url).status_code
        == ADDRESSES[url]
    )


SCRIPT = "<script>alert(1)</script>"


def test_script_in_names_is_shown_as_text():
    account = credit.account(name=SCRIPT, ship_to_address=SCRIPT)
    made = typed(account, row(orders.product(name=SCRIPT)), note=SCRIPT, ship_to_name=SCRIPT)
    client = as_role("sales_manager")
    page = client.post("/orders/new/", made, follow=True)
    pages = ["/orders/", f"/orders/new/?customer={account.customer_id}", "/products/"]
    pages += [f"/customers/{account.customer_id}/", f"{page.redirect_chain[-1][0]}edit/"]
    for text in [words(page), *(words(client.get(url)) for url in pages)]:
        assert SCRIPT not in text and "&lt;script&gt;" in text


def test_overpaying_is_recorded_and_leaves_nothing_to_pay():
    order = orders.released("90.00")
    as_role("finance").post(f"/orders/{order.pk}/pay/", payment(amount="100", beyond="100"))
    assert Order.objects.get().unpaid == 0
