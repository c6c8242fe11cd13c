"""Why an event waits or was refused, in the language of whoever reads it."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from journal.models import Entry
from orders import lifecycle
from orders.enums import EventKind, EventState, HoldReason
from orders.events import lifecycle as events
from orders.models import FulfilmentEvent
from staff.api.scopes import Scope
from tests.factories import goods, orders
from tests.factories.api import caller
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db

ENGLISH = "is cancelled, so this cannot be done now."
CHINESE = "“已取消”状态，现在无法执行此操作。"


def refused(language="en"):
    """An event of a cancelled order, told by a system that speaks this language."""
    with override(language):
        return goods.tell(orders.cancel(orders.released()), EventKind.SHIPPED).event


def fresh(event):
    return FulfilmentEvent.objects.get(pk=event.pk)


def held():
    order = orders.released()
    orders.hold(order)
    orders.hold(order, reason=HoldReason.QUALITY)
    return order, EventKind.SHIPPED, {}


def on_conditions():
    order = orders.conditional(orders.failed(), orders.prepay(), orders.guarantee())
    return order, EventKind.SHIPPED, {}


def with_a_number_that_is_taken():
    orders.invoice(orders.shipped(), number="INV-1")
    return orders.shipped(), EventKind.INVOICED, {"number": "INV-1", "amount": "90.00"}


WAYS = [
    held,
    on_conditions,
    with_a_number_that_is_taken,
    lambda: (orders.released(), EventKind.ALLOCATED, {"warehouse": "NONE"}),
    lambda: (orders.released(), EventKind.PAYMENT, {"amount": "1", "currency": "USD"}),
    lambda: (orders.released(), EventKind.DELIVERED, {"after": ["M-0"]}),
    lambda: (
        orders.released(),
        EventKind.SHIPPED,
        {"lines": [{"position": 1, "quantity": "1.5"}]},
    ),
]


@pytest.mark.parametrize("way", WAYS)
def test_reason_reads_as_if_it_had_been_told_in_the_language(way):
    order, kind, payload = way()
    told = []
    for language in ("en", "zh-hans", "zh-hant"):
        with override(language):
            told.append(goods.tell(order, kind, payload=payload).event)
    assert len({event.why for event in told}) == 1
    for language, event in zip(("en", "zh-hans", "zh-hant"), told, strict=True):
        with override(language):
            words = {fresh(one).words for one in told}
            assert words == {str(event.words)}, language
            assert language == "en" or event.why not in words


@pytest.mark.parametrize("sender", ["en", "zh-hans"])
def test_pages_say_why_in_the_language_of_the_reader(client, sender):
    event = refused(sender)
    pages = [reverse("orders:events") + "?view=refused", f"/orders/{event.order_id}/"]
    client.force_login(person("warehouse"))
    for page in pages:
        chinese = client.get(page, headers={"accept-language": "zh-hans"}).content.decode()
        assert CHINESE in chinese and ENGLISH not in chinese, page
        english = client.get(page, headers={"accept-language": "en"}).content.decode()
        assert ENGLISH in english, page


def test_trying_again_says_why_in_the_language_of_the_reader(client):
    event = refused()
    client.force_login(person("warehouse"))
    url = reverse("orders:retry_event", args=[event.pk])
    page = client.post(url, headers={"accept-language": "zh-hans"}, follow=True).content.decode()
    assert CHINESE in page and ENGLISH not in page


def test_api_says_why_in_the_language_of_the_call():
    event, wms = refused(), caller(Scope.GOODS)
    said = []
    for language in ("zh-Hans", "en"):
        wms.headers["Accept-Language"] = language
        said.append(wms.get(f"events/{event.pk}/").json()["why"])
    assert CHINESE in said[0] and ENGLISH not in said[0]
    assert ENGLISH in said[1]


@pytest.mark.parametrize("sender", ["en", "zh-hant"])
def test_journal_keeps_the_same_whoever_told(sender):
    event = refused(sender)
    entry = Entry.objects.for_order(event.order_id).get(action="order.event_refused")
    assert entry.reason == event.why and ENGLISH in entry.reason
    with override("zh-hans"):
        assert CHINESE in entry.words
    with override("en"):
        assert entry.words == entry.reason


def test_retry_in_another_language_tells_the_journal_nothing_new():
    order = orders.released()
    event = goods.tell(order, EventKind.DELIVERED).event
    with override("zh-hans"):
        events.retry(event_id=event.pk, by=person("warehouse"), at=NOW)
    assert Entry.objects.for_order(order.pk).filter(action="order.event_waits").count() == 1


def test_what_a_person_wrote_stays_as_it_is():
    event = goods.tell(orders.released()).event
    events.dismiss(event_id=event.pk, reason="wrong parcel", by=person("warehouse"), at=NOW)
    with override("zh-hans"):
        assert fresh(event).words == "wrong parcel" and fresh(event).said is None
    entry = Entry.objects.for_order(event.order_id).get(action="order.event_dismissed")
    assert entry.words == "wrong parcel"


def test_event_that_counts_has_no_reason_left():
    order = orders.released()
    event = goods.tell(order).event
    assert event.state == EventState.WAITING and event.said
    orders.ship(order)
    assert (fresh(event).words, fresh(event).said) == ("", None)


def test_event_from_before_keeps_its_words():
    event = refused()
    FulfilmentEvent.objects.filter(pk=event.pk).update(why="订单已取消。", said=None)
    with override("en"):
        assert fresh(event).words == "订单已取消。"


def test_reason_of_the_product_in_the_journal_reads_in_the_language_of_the_reader():
    order = orders.failed("90.00", limit="50.00")
    orders.credit.limits([order.account], "500.00")
    with override("en"):
        lifecycle.reevaluate(order_id=order.pk, by=None, at=NOW)
    entry = Entry.objects.for_order(order.pk).get(action="order.approved")
    assert entry.reason == "The credit check passes since money or limits arrived."
    with override("zh-hans"):
        assert entry.words != entry.reason
