"""Orders in another currency than the account's: the rate of the release counts until the end."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from credit.enums import CheckCode
from credit.models import CreditAccount, Invoice, Receipt
from orders import gate
from orders.errors import OrderError
from orders.models import Order
from orders.quote import quote
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.factories.traces import balances, last_entry, ledger
from tests.orders.pages import account_with_seller, typed, words

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def rate():
    return credit.exchange_rate("USD", "CNY", "7.105", TODAY)


def dollars(total="10.01", *, limit="1000.00", account=None, lines=None):
    account = account or credit.account(limit)
    return orders.draft(account, total, currency="USD", lines=lines)


def released(*args, **values):
    order = orders.submit(dollars(*args, **values))
    assert order.state == "approved"
    return order


def pieces(*prices):
    return [orders.line(price, quantity="7") for price in prices]


def check_of(decision, code):
    return next(check for check in decision.checks if check["code"] == code)


def test_submit_reserves_in_the_accounts_currency_at_the_days_rate(rate):
    order = released()
    assert ledger(order) == [("reserve", "", "reserved", "71.12")]  # 71.12105
    assert order.rate == rate.rate
    made = order.decisions.get()
    assert (str(made.amount), made.currency) == ("71.12", "CNY")
    figures = check_of(made, CheckCode.RATE)["figures"]
    assert (figures["pair"], figures["rate"], figures["on"]) == ("USD/CNY", "7.105", "2026-03-02")


def test_submit_counts_in_the_accounts_currency_against_its_limit(rate):
    account = credit.account("71.12")
    assert orders.submit(dollars("10.02", account=account)).state == "credit_failed"
    assert orders.submit(dollars("10.01", account=account)).state == "approved"


def test_later_rate_moves_nothing_that_is_reserved(rate):
    order = released()
    credit.exchange_rate("USD", "CNY", "9", TODAY + timedelta(1))
    orders.ship(order, at=NOW + DAY)
    assert balances(order.account) == {"delivered": "71.12"}
    made = order.decisions.get()
    again = [each.as_json() for each in gate.judge(made.facts, made.policy_version.content)]
    assert again == made.checks
    orders.pay(order, at=NOW + DAY)
    assert balances(order.account) == {"paid": "71.12"}


def test_missing_rate_fails_and_release_waits_for_one():
    order = orders.submit(dollars())
    assert order.state == "credit_failed"
    assert order.decisions.get().reason_codes == {"rate"}
    with pytest.raises(OrderError, match="no exchange rate for USD"):
        orders.approve(order)
    assert balances(order.account) == {}
    credit.exchange_rate("USD", "CNY", "7", TODAY)
    assert orders.approve(order).state == "approved"
    assert balances(order.account) == {"reserved": "70.07"}


def test_missing_rate_that_hid_another_reason_shows_it_first():
    order = orders.submit(dollars(limit="70.06"))
    credit.exchange_rate("USD", "CNY", "7", TODAY)
    with pytest.raises(OrderError, match="more than you have seen"):
        orders.approve(order)


def test_payment_needs_a_rate_before_the_release_and_keeps_it():
    order = orders.submit(dollars())
    with pytest.raises(OrderError, match="no exchange rate for USD"):
        orders.pay(order, "5.00")
    credit.exchange_rate("USD", "CNY", "7", TODAY)
    orders.pay(order, "5.00")
    assert (balances(order.account), Receipt.objects.get().amount) == ({"paid": "35.00"}, 35)


def test_payment_too_small_to_count_is_refused():
    credit.exchange_rate("VND", "CNY", "0.0003", TODAY)
    order = orders.submit(orders.draft(credit.account("1000.00"), "900.00", currency="VND"))
    with pytest.raises(OrderError, match="more than 0"):
        orders.pay(order, "1.00")


def test_invoice_and_its_receipts_are_in_the_accounts_currency(rate):
    order = orders.pay(released(), "5.00")
    orders.invoice(orders.deliver(orders.ship(order)))
    (invoice,) = Invoice.objects.all()
    assert (str(invoice.amount), str(invoice.open_amount)) == ("71.12", "35.59")
    credit.allocated(invoice, "35.59")
    order = Order.objects.get()
    assert (order.state, str(order.paid_amount), order.unpaid) == ("completed", "10.01", 0)
    assert balances(order.account) == {"paid": "71.12"}


def live(order, dice):
    """Let parts of the order be paid, shipped, invoiced, sent back and closed at random."""
    while True:
        order = Order.objects.get(pk=order.pk)
        verbs = [v for v in (pay, send, bill, back, short) if dice.random() < 0.5]
        for verb in verbs:
            verb(Order.objects.get(pk=order.pk), dice)
        order = Order.objects.get(pk=order.pk)
        if order.state in ("shipped", "delivered"):
            return order


def pay(order, dice):
    if order.unpaid:
        orders.pay(order, min(order.unpaid, Decimal(dice.randint(1, 900)) / 100))


def send(order, dice):
    if order.state in ("approved", "partly_shipped"):
        parts = [dice.randint(0, int(line.unshipped)) for line in order.lines.all()]
        if any(parts):
            parts = [part or "0" for part in parts]
            chosen = {k: v for k, v in orders.quantities(order, *parts).items() if v}
            orders.ship(order, quantities=chosen)


def bill(order, dice):
    if order.to_invoice and order.state != "approved":
        orders.invoice(order, min(order.to_invoice, Decimal(dice.randint(1, 900)) / 100))


def back(order, dice):
    lines = [line for line in order.lines.all() if line.with_customer]
    if lines and dice.random() < 0.3 and order.state != "approved":
        orders.lifecycle.return_goods(
            order_id=order.pk,
            quantities={lines[0].pk: Decimal(1)},
            reason="-",
            by=orders.person("warehouse"),
            happened_at=NOW,
            at=NOW,
        )


def short(order, dice):
    if order.state == "partly_shipped" and dice.random() < 0.2:
        orders.close_short(order)


@pytest.mark.parametrize("seed", range(12))
def test_parts_of_an_order_leave_no_cent_in_a_bucket(seed):
    dice = random.Random(seed)
    credit.exchange_rate("USD", "CNY", dice.choice(["7.105", "0.137", "0.0499", "33.333"]), TODAY)
    prices = [f"{dice.randint(1, 300) / 100:.2f}" for _ in range(dice.randint(1, 3))]
    order = live(released(lines=pieces(*prices), limit="99999.00"), dice)
    if order.state == "shipped":
        order = orders.deliver(order)
    if order.to_invoice:
        order = orders.invoice(Order.objects.get(pk=order.pk), order.to_invoice)
    order = Order.objects.get(pk=order.pk)
    if order.unpaid:
        order = orders.pay(order)
    for invoice in Invoice.objects.open():
        credit.credited(invoice, invoice.open_amount)
    account = CreditAccount.objects.get(pk=order.account_id)
    assert (account.reserved, account.delivered, account.receivable) == (0, 0, 0)
    assert balances(account).keys() <= {"paid"}
    assert Order.objects.get(pk=order.pk).state == "completed"


def test_amending_asks_for_the_rate_of_the_day(rate):
    order = released()
    credit.exchange_rate("USD", "CNY", "8", TODAY + timedelta(1))
    content = {"header": orders.header(currency="USD"), "lines": [orders.line("10.00")]}
    order = orders.lifecycle.amend(
        order_id=order.pk, reason="less", seen_version=order.version, by=order.owner,
        at=NOW + DAY, **content,
    )  # fmt: skip
    assert (balances(order.account), order.rate) == ({"reserved": "80.00"}, 8)
    assert last_entry(order).data["currency"] == "CNY"


@pytest.mark.parametrize(("total", "reasons"), [("10.01", []), ("10.02", ["limit"])])
def test_quote_converts_and_tells_the_rate(rate, total, reasons):
    made = quote(credit.account("71.12"), [orders.line(total)], currency="USD", payment_days=30,
                 at=NOW)  # fmt: skip
    assert [line.check["code"] for line in made.reasons] == reasons
    assert str(made.totals.total) == total and "USD/CNY 7.105" in made.rate
    assert str(made.need) == {"10.01": "71.12", "10.02": "71.19"}[total]


def test_quote_without_a_rate_says_which_is_missing():
    made = quote(credit.account(), [orders.line()], currency="USD", payment_days=30, at=NOW)
    assert [line.check["code"] for line in made.reasons] == ["rate"]
    assert (made.need, made.rate) == (None, "")


def test_form_offers_the_currencies_in_which_something_is_sold():
    account, seller = account_with_seller("1000.00")
    address = f"/orders/new/?customer={account.customer_id}"
    orders.product()
    assert seller.get(address).context["form"].head["currency"].is_hidden
    orders.product(currency="USD")
    field = seller.get(address).context["form"].head["currency"]
    assert [code for code, _name in field.field.choices] == ["CNY", "USD"]
    assert (field.is_hidden, field.value()) == (False, "CNY")


def test_form_takes_prices_in_the_chosen_currency(rate, time_machine):
    time_machine.move_to(NOW)
    account, seller = account_with_seller("1000.00")
    product = orders.product("3.50", currency="USD", sku="WIRE")
    made = typed(account, {"product": "WIRE", "quantity": "2", "tax_percent": "0"}, do="submit") | {
        "currency": "USD"
    }
    shown = words(seller.post("/orders/quote/", made))
    assert "USD/CNY 7.105" in shown and "49.74" in shown and "Prices in USD" in shown
    seller.post("/orders/new/", made)
    order = Order.objects.get()
    assert (order.currency, order.state, str(order.total)) == ("USD", "approved", "7.00")
    assert order.lines.get().product == product
    again = seller.get(f"/orders/{order.pk}/copy/").context["form"]
    assert (again.currency, again.head["currency"].value()) == ("USD", "USD")
