from datetime import timedelta

import pytest
from django.utils import translation

from credit.lifecycle import settle_promises
from credit.models import Promise
from journal import actions
from journal.models import Entry
from orders.enums import OrderAction
from orders.telling import looks
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import person
from tests.orders.pages import as_role, words

pytestmark = pytest.mark.django_db

# What the module of an order writes down about something else.
NOT_OF_AN_ORDER = {
    OrderAction.PRODUCT_CHANGED,
    OrderAction.PRODUCT_REMOVED,
    OrderAction.PRODUCT_FLAGGED,
    OrderAction.FLAG_LIFTED,
    OrderAction.IMPORTED,
    OrderAction.BACKTESTED,
    OrderAction.BACKTEST_CANCELLED,
    OrderAction.STOCK_ADJUSTED,
    OrderAction.STOCK_COUNTED,
    OrderAction.WAREHOUSE_CHANGED,
}
# What `credit` writes down of an order's invoices and promises; the rest is about customers.
OF_CREDIT = (
    "credit.invoice_issued", "credit.receipt_allocated", "credit.allocation_undone",
    "credit.dispute_opened", "credit.dispute_resolved", "credit.credit_noted",
    "credit.written_off", "credit.promise_made", "credit.promise_changed",
    "credit.promise_withdrawn", "credit.promise_kept", "credit.promise_partly_kept",
    "credit.promise_broken",
)  # fmt: skip


# Without these no condition is written down.
LEAST = {"kind": "guarantee", "text": "-"}


def of_orders():
    """Every declared action that can stand on the timeline of an order."""
    declared = [code for code, _label in actions.labels()]
    return [
        code
        for code in declared
        if code.partition(".")[0] in ("order", "approval", "ticket", "file", "shipment", "stock")
        and code not in NOT_OF_AN_ORDER
        and code != "ticket.cause_changed"
    ] + list(OF_CREDIT)


def test_every_action_of_an_order_has_a_look():
    assert [code for code in of_orders() if code not in looks()] == []


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_every_action_reads_well_without_a_figure(language):
    with translation.override("en"):
        english = dict(actions.labels())
    with translation.override(language):
        for code in of_orders():
            title, told = actions.label(code), looks()[code].sentence(LEAST)
            assert title and "%(" not in told, code
            assert language == "en" or title != english[code], f"{code} is not translated"


def entries(order, number, action=OrderAction.EDITED):
    Entry.objects.bulk_create(
        Entry(
            at=NOW + timedelta(minutes=place),
            action=action,
            subject_type="orders.order",
            subject_id=order.pk,
            order_id=order.pk,
            reason=f"entry {place}",
        )
        for place in range(number)
    )


def test_long_timeline_comes_in_pages_that_leave_nothing_out():
    order, desk = orders.released(), as_role("auditor")
    entries(order, 100)
    seen, url = [], f"/orders/{order.pk}/"
    while url:
        shown = desk.get(url).context["timeline"]
        seen += [event.text for event in shown.events]
        url = shown.older
    told = [text.rpartition("\n")[2] for text in seen if "entry" in text]
    assert told == [f"entry {place}" for place in reversed(range(100))]
    assert len(seen) == Entry.objects.for_order(order.pk).count()


def test_page_of_an_order_costs_the_same_with_ten_entries_or_a_thousand(
    django_assert_max_num_queries,
):
    desk, counted = as_role("auditor"), []
    for number in (10, 1000):
        order = orders.released()
        entries(order, number)
        desk.get(f"/orders/{order.pk}/")
        with django_assert_max_num_queries(200) as queries:
            answer = desk.get(f"/orders/{order.pk}/")
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert len(answer.context["timeline"].events) == 40


@pytest.mark.parametrize(
    ("show", "wanted"),
    [("money", {"order.paid"}), ("goods", {"order.shipped"}), ("decisions", {"order.approved"})],
)
def test_timeline_is_narrowed_to_a_kind_in_the_database(show, wanted):
    order = orders.released()
    for action in ("order.paid", "order.shipped", "order.approved", "order.edited"):
        entries(order, 1, action)
    events = as_role("auditor").get(f"/orders/{order.pk}/?show={show}").context["timeline"].events
    titles = {event.title for event in events}
    assert {actions.label(action) for action in wanted} <= titles
    assert actions.label("order.edited") not in titles


def test_people_are_shown_what_no_other_kind_shows():
    order = orders.released()
    entries(order, 1, "order.paid"), entries(order, 1, "order.edited")
    events = as_role("auditor").get(f"/orders/{order.pk}/?show=people").context["timeline"].events
    assert {event.kind for event in events} == {"people"}
    assert "Order changed" in [event.title for event in events]


def test_timeline_tells_of_tickets_by_their_number():
    order = orders.released()
    Entry.objects.create(
        at=NOW,
        action="ticket.closed",
        subject_type="exceptions.ticket",
        subject_id=1,
        order_id=order.pk,
        by=person(),
        data={"ticket": "TK-0000007", "outcome": "solved", "result": "sent again"},
    )
    text = words(as_role("auditor").get(f"/orders/{order.pk}/"))
    assert "Ticket TK-0000007. Solved: sent again" in text


@pytest.mark.parametrize(
    ("paid", "title", "told"),
    [
        ("90.00", "Promise to pay kept", "90.00 CNY came in, promised for 17 Mar 2026."),
        (
            "30.00",
            "Promise to pay partly kept",
            "30.00 CNY of 90.00 CNY came in, promised for 17 Mar 2026.",
        ),
        ("", "Promise to pay broken", "Nothing of 90.00 CNY came in, promised for 17 Mar 2026."),
    ],
)
def test_timeline_tells_what_became_of_a_promise(paid, title, told):
    order = orders.conditional(orders.failed("90.00"), orders.pay_within(15))
    promised = Promise.objects.get(order_id=order.pk)
    if paid:
        # Money that nobody allocated: the order's own would let the promise follow it.
        credit.receipt(order.account, paid, allocate=credit.NONE)
    settle_promises(at=NOW + timedelta(days=17))
    page = as_role("auditor").get(f"/orders/{order.pk}/?show=money")
    events = {event.title: event for event in page.context["timeline"].events}
    assert events["Promise to pay recorded"].text == "90.00 CNY, promised for 17 Mar 2026."
    assert events[title].text == told
    assert promised in page.context["promises"]


def test_timeline_tells_how_a_promise_follows_its_order():
    order = orders.conditional(orders.failed("90.00"), orders.pay_within(15))
    orders.cancel(order)
    events = as_role("auditor").get(f"/orders/{order.pk}/?show=money").context["timeline"].events
    assert events[0].title == "Promise to pay no longer due"


def test_timeline_leaves_out_promises_about_other_things():
    order = orders.released()
    credit.promise(order.account, NOW.date(), amount="10.00", state="open")
    settle_promises(at=NOW + timedelta(days=2))
    page = as_role("auditor").get(f"/orders/{order.pk}/")
    assert not [event for event in page.context["timeline"].events if "Promise" in event.title]
