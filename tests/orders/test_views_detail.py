import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders import lifecycle
from orders.enums import OrderState
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.orders.pages import account_with_seller, as_role, client_of, row, typed, words

pytestmark = pytest.mark.django_db


def page(order, role="auditor", query=""):
    return as_role(role).get(f"/orders/{order.pk}/{query}")


@pytest.mark.parametrize("state", OrderState.values)
def test_detail_opens_in_every_state(state):
    assert page(orders.in_state(state)).status_code == 200


def test_detail_of_somebody_elses_order_is_not_there():
    _account, seller = account_with_seller()
    order = orders.released()
    for part in ("", "edit/", "copy/", "cancel/"):
        assert seller.get(f"/orders/{order.pk}/{part}").status_code == 404
    assert seller.post(f"/orders/{order.pk}/submit/").status_code == 404


def test_detail_says_first_why_an_order_failed():
    text = words(page(orders.failed("90.00", limit="50.00")))
    why = "Used 0.00 + this order 90.00 = 90.00 CNY, 40.00 over the limit of 50.00."
    assert text.index(why) < text.index('id="order-lines"')
    assert "/approvals/" in text


def test_detail_keeps_credit_figures_from_those_without_the_right():
    text = words(page(orders.failed("90.00", limit="50.00"), "warehouse"))
    assert "over the limit" not in text and "Credit of the customer" not in text


def test_timeline_keeps_credit_figures_from_those_without_the_right():
    order = orders.released()
    assert "of the limit is used now" in words(page(order))
    told = words(page(order, "warehouse"))
    assert "Order released" in told and "of the limit is used now" not in told


def test_detail_says_why_an_order_is_held():
    order = orders.released()
    orders.hold(order, note="which door?")
    text = words(page(order))
    assert text.index("which door?") < text.index('id="order-lines"')


def test_detail_says_why_an_order_ended():
    order = orders.cancel(orders.released(), reason="bought elsewhere")
    text = words(page(order))
    assert text.index("bought elsewhere") < text.index('id="order-lines"')


def test_detail_shows_every_check_with_its_figures():
    account, seller = account_with_seller("1000.00")
    credit.invoice(account, "30.00", NOW.date() - 9 * DAY, number="INV-OLD")
    seller.post("/orders/new/", typed(account, row(price="100", tax_percent="0"), do="submit"))
    order = account.orders.get()
    text = words(page(order))
    for figure in ("100.00", "1,000.00", "900.00", "INV-OLD", "30.00", "not blacklisted"):
        assert figure in text


def test_decision_opens_by_itself():
    order = orders.failed()
    decision = order.decisions.get()
    text = words(as_role("auditor").get(f"/orders/{order.pk}/decisions/{decision.pk}/"))
    assert "over the limit of 50.00" in text


def test_detail_shows_margin_to_those_who_may_see_it():
    account, seller = account_with_seller()
    seller.post("/orders/new/", typed(account, row(orders.product("10.00", cost="6.00"))))
    order = account.orders.get()
    assert "40.0%" in words(page(order, "finance"))
    assert "40.0%" not in words(page(order, "customer_service"))


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("warehouse", {"ship", "hold"}),
        ("finance", {"pay", "invoice", "hold"}),
        ("credit_analyst", {"hold"}),
        ("sales_manager", {"hold", "cancel"}),
        ("auditor", set()),
    ],
)
def test_detail_offers_what_this_person_may_do_now(role, offered):
    order = orders.released()
    text = words(page(order, role))
    verbs = ("pay", "ship", "deliver", "invoice", "hold", "cancel", "take-back", "edit")
    assert {verb for verb in verbs if f'href="/orders/{order.pk}/{verb}/"' in text} == offered


def test_detail_shows_shipping_disabled_while_the_order_is_held():
    order = orders.released()
    orders.hold(order)
    text = words(page(order, "warehouse"))
    assert "The order is held." in text and f'href="/orders/{order.pk}/ship/"' not in text


def titles(order, query=""):
    return [event.title for event in page(order, query=query).context["timeline"].events]


def test_timeline_tells_everything_newest_first():
    told = titles(orders.pay(orders.released()))
    assert (told[0], told[-1], len(told)) == ("Payment recorded", "Order entered", 5)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("money", ["Order invoiced", "Payment recorded"]),
        ("goods", ["Order shipped"]),
        ("people", ["Hold released", "Hold placed", "Order entered"]),
        ("decisions", ["Order released", "Credit check passed", "Order submitted"]),
    ],
)
def test_timeline_shows_one_kind(kind, expected):
    order = orders.released()
    hold = orders.hold(order)
    analyst = as_role("credit_analyst")
    analyst.post(f"/holds/{hold.pk}/release/", {"note": "clear"})
    orders.invoice(orders.ship(orders.pay(order, "10.00")))
    assert sorted(titles(order, f"?show={kind}")) == sorted(expected)


def test_timeline_gives_amount_reference_and_person():
    order = orders.released()
    orders.pay(order, "40.00", reference="TT-9")
    events = page(order, query="?show=money").context["timeline"].events
    assert events[0].text.startswith("40.00 CNY received, reference TT-9; 50.00 CNY left to pay.")
    assert events[0].who.startswith("Person")


def test_timeline_of_an_unknown_kind_shows_everything():
    order = orders.released()
    assert titles(order, "?show=nonsense") == titles(order)


def queries(client, order):
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/orders/{order.pk}/")
    return len(captured)


def test_detail_asks_as_much_for_a_long_story_as_for_a_short_one():
    account = credit.account()
    client = client_of(account.customer.owner)
    short, long = (orders.submit(orders.draft(account)) for _ in range(2))
    for _ in range(3):
        orders.pay(long, "1.00")
        orders.hold(long)
    queries(client, short)
    orders.pay(short, "1.00"), orders.hold(short)
    assert queries(client, long) == queries(client, short)


def test_customer_part_shows_orders_and_decisions():
    order = orders.failed()
    client = client_of(order.owner)
    text = words(client.get(f"/customers/{order.customer_id}/orders/"))
    assert order.number in text and "Recent credit decisions" in text
    part = client.get(f"/customers/{order.customer_id}/orders/", headers={"HX-Request": "true"})
    assert "<html" not in words(part)


def test_detail_does_not_call_who_withdrew_a_request_its_decider():
    order = orders.failed()
    lifecycle.take_back(order_id=order.pk, by=order.owner, reason="smaller", at=NOW)
    text = words(page(order))
    assert "Request withdrawn" in text and "Decided by" not in text


def test_detail_offers_what_cannot_be_undone_last():
    order = orders.released()
    menu = client_of(order.owner).get(f"/orders/{order.pk}/").context["actions"]
    assert [action["label"] for action in menu][-1] == "Cancel order"


def test_timeline_does_not_tell_a_change_of_the_total_that_was_none():
    account, seller = account_with_seller()
    seller.post("/orders/new/", typed(account, row(price="100")))
    order = account.orders.get()
    seller.post(f"/orders/{order.pk}/edit/", typed(account, row(price="100"), seen_version="1"))
    assert "The total stayed at 113.00 CNY." in words(page(order))
