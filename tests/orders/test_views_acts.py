import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Hold, Order, Payment
from tests.factories import credit, orders
from tests.orders.pages import as_role, client_of, words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def moment(ago=timedelta()):
    return timezone.localtime(timezone.now() - ago).strftime("%Y-%m-%dT%H:%M:%S")


def fields(**values):
    return {"happened_at": moment()} | values


def payment(amount="40.00", **values):
    return fields(amount=amount, method="transfer", reference="") | values


def act(role, order, verb, data, **extra):
    client = role if hasattr(role, "post") else as_role(role)
    return client.post(f"/orders/{order.pk}/{verb}/", data, **extra)


def fresh(order):
    return Order.objects.get(pk=order.pk)


def test_pay_suggests_what_is_left_to_pay():
    order = orders.pay(orders.released(), "30.00")
    form = as_role("finance").get(f"/orders/{order.pk}/pay/").context["form"]
    assert form["amount"].value() == "60.00"


def test_pay_records_the_payment_as_of_the_past():
    order = orders.released()
    act("finance", order, "pay", payment(reference="TT-1", happened_at=moment(timedelta(days=3))))
    made = Payment.objects.get()
    assert (made.amount, made.reference) == (Decimal("40.00"), "TT-1")
    assert timedelta(days=2) < timezone.now() - made.at < timedelta(days=4)


def test_pay_asks_before_it_records_more_than_is_owed():
    order, client = orders.pay(orders.released(), "30.00"), as_role("finance")
    asked = act(client, order, "pay", payment("600.00"))
    assert asked.status_code == 422
    assert "This is 540.00 more than is owed" in words(asked)
    assert act(client, order, "pay", payment("700.00", beyond="600.00")).status_code == 422
    assert Payment.objects.count() == 1
    assert act(client, order, "pay", payment("600.00", beyond="600.00")).status_code == 302
    assert fresh(order).overpaid == Decimal("540.00")


def test_times_are_read_in_the_zone_of_the_reader():
    order, client = orders.released(), as_role("finance")
    user = client.get("/orders/").wsgi_request.user
    user.time_zone = "America/New_York"
    user.save()
    act(client, order, "pay", payment(happened_at="2026-03-02T12:00:00"))
    assert Payment.objects.get().at.isoformat() == "2026-03-02T17:00:00+00:00"


def test_pay_sent_twice_is_recorded_once():
    order, client = orders.released(), as_role("finance")
    for _ in range(2):
        assert act(client, order, "pay", payment(token="t1")).status_code == 302
    assert Payment.objects.count() == 1


def test_ship_deliver_invoice_and_pay_complete_the_order():
    order = orders.released()
    act("warehouse", order, "ship", fields(carrier="SF", tracking_number="123"))
    act("warehouse", order, "deliver", fields())
    act("finance", order, "invoice", fields(number="INV-1"))
    act("finance", order, "pay", payment("90.00"))
    assert fresh(order).state == "completed"
    assert fresh(order).shipments.get().tracking_number == "123"


def test_invoice_suggests_a_number_from_the_order():
    order = orders.released()
    form = as_role("finance").get(f"/orders/{order.pk}/invoice/").context["form"]
    assert form["number"].value() == order.number.replace("SO", "INV")


def test_taken_invoice_number_is_told_beside_its_field():
    orders.invoice(orders.released(), number="INV-1")
    response = act("finance", orders.released(), "invoice", fields(number="INV-1"))
    assert response.status_code == 422
    assert "Choose another" in response.context["form"].errors["number"][0]


def test_hold_stops_shipping_until_it_is_released():
    order = orders.released()
    act("warehouse", order, "hold", {"reason": "address", "note": "which door?"})
    hold = Hold.objects.get()
    blocked = act("warehouse", order, "ship", fields())
    assert blocked.status_code == 422 and "is held" in words(blocked)
    as_role("credit_analyst").post(f"/holds/{hold.pk}/release/", {"note": "door 3"})
    act("warehouse", order, "ship", fields())
    assert fresh(order).state == "shipped"


def test_hold_can_be_forced_by_those_who_may():
    order = orders.released()
    data = {"reason": "fraud", "note": "x", "forced": "on"}
    act("warehouse", order, "hold", data)
    act("credit_analyst", order, "hold", data)
    assert [hold.forced for hold in Hold.objects.order_by("pk")] == [False, True]


def test_release_from_the_list_goes_back_to_the_list():
    hold = orders.hold(orders.released())
    data = {"note": "clear", "next": "holds"}
    assert as_role("credit_analyst").post(f"/holds/{hold.pk}/release/", data).url == "/holds/"


def test_release_needs_a_note():
    hold = orders.hold(orders.released())
    response = as_role("credit_analyst").post(f"/holds/{hold.pk}/release/", {"note": " "})
    assert response.status_code == 422 and "note" in response.context["form"].errors


def test_cancel_gives_the_credit_back():
    order = orders.released(limit="100.00")
    act(client_of(order.owner), order, "cancel", {"reason": "not wanted"})
    order.account.refresh_from_db()
    assert (fresh(order).state, order.account.reserved) == ("cancelled", 0)


def test_take_back_makes_a_draft_again():
    order = orders.failed()
    act(client_of(order.owner), order, "take-back", {"reason": "wrong price"})
    assert fresh(order).state == "draft"


def test_submit_refuses_a_version_that_was_not_seen():
    order = orders.draft(credit.account())
    client = client_of(order.owner)
    act(client, order, "submit", {"seen_version": "7"})
    assert fresh(order).state == "draft"
    act(client, order, "submit", {"seen_version": "1"})
    assert fresh(order).state == "approved"


@pytest.mark.parametrize("verb", ["ship", "pay", "deliver", "invoice", "take-back"])
def test_act_that_is_not_possible_now_says_so_and_changes_nothing(verb):
    order = orders.draft(credit.account())
    role = {"pay": "finance", "invoice": "finance", "take-back": "sales_manager"}
    client = as_role(role.get(verb, "warehouse"))
    response = client.get(f"/orders/{order.pk}/{verb}/", follow=True)
    assert "is draft, so this cannot be done now." in words(response)
    assert fresh(order).state == "draft"


def without_what_differs(html):
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|hx-swap-oob="true"', "", html)
    return re.sub(r"\s+", " ", re.sub(r" >", ">", html))


def test_act_by_htmx_answers_the_parts_as_a_reload_would_show_them():
    order, client = orders.released(), as_role("finance")
    response = act(client, order, "pay", payment(), headers=HTMX)
    assert response["HX-Reswap"] == "none"
    assert "recorded" in json.loads(response["HX-Trigger"])["toast"]["text"]
    page = without_what_differs(words(client.get(f"/orders/{order.pk}/")))
    parts = re.split(r'(?=<div [^>]*id="order-(?:facts|actions|body)")', words(response))
    assert len(parts) == 4
    for part in parts[1:]:
        assert without_what_differs(part).strip() in page


def test_act_by_htmx_with_an_error_answers_the_form_again():
    order = orders.released()
    response = act("finance", order, "pay", payment("0", reference="keep"), headers=HTMX)
    assert response.status_code == 422
    assert 'value="keep"' in words(response) and "<html" not in words(response)
