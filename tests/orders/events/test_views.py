import pytest
from django.urls import reverse

from orders.enums import EventKind, EventState
from orders.models import FulfilmentEvent, Order
from tests.factories import goods, orders
from tests.factories.moments import DAY, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return goods.warehouse(name_en="Harbour")


def signed_in(client, *roles):
    client.force_login(person(*roles))
    return client


def test_stock_list_shows_what_is_left_and_how_old_the_count_is(client, place):
    order = goods.allocate(orders.in_pieces(), place, "7")
    goods.counted(order.lines.get().product, place, "5", counted_at=NOW - 3 * DAY)
    page = signed_in(client, "warehouse").get(reverse("orders:stock")).content.decode()
    for text in ("Harbour", "-2", "oversold", "old"):
        assert text.lower() in page.lower()


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 3), ("?oversold=on", 1), ("?stale=on", 3), ("?q=nothing", 0), ("?warehouse=HALL", 1)],
)
def test_stock_list_is_narrowed_by_its_filters(client, place, query, found):
    order = goods.allocate(orders.in_pieces(), place, "7")
    goods.counted(orders.product(), place, "5")
    goods.counted(order.lines.get().product, goods.warehouse(code="HALL"), "9")
    answer = signed_in(client, "finance").get(reverse("orders:stock") + query)
    assert len(answer.context["page"].rows) == found


@pytest.mark.parametrize("rows", [1, 40])
def test_stock_list_asks_a_fixed_number_of_queries(
    client, place, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        goods.counted(orders.product(), place, "5")
    client = signed_in(client, "warehouse")
    with django_assert_max_num_queries(14):
        assert client.get(reverse("orders:stock")).status_code == 200


def test_stock_export_is_what_the_list_shows(client, place):
    goods.counted(orders.product(sku="BOLT"), place, "12.5")
    goods.counted(orders.product(sku="NUT"), place, "3")
    client = signed_in(client, "auditor")
    answer = client.get(reverse("orders:stock_export") + "?q=bolt")
    first, second = b"".join(answer.streaming_content).decode().splitlines()
    assert "Available" in first
    assert second.startswith("BOLT,") and "Harbour,12.500,0.000,12.500," in second


def test_adjust_page_changes_the_stock_with_its_reason(client, place):
    stock = goods.counted(orders.product(), place, "5")
    client, url = signed_in(client, "warehouse"), reverse("orders:adjust_stock", args=[stock.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"change": "-6", "reason": ""}).status_code == 422
    assert client.post(url, {"change": "0", "reason": "why"}).status_code == 422
    too_many = client.post(url, {"change": "-6", "reason": "fell into the sea"})
    assert too_many.status_code == 422 and "Only 5 are on hand" in too_many.content.decode()
    assert client.post(url, {"change": "-4", "reason": "fell into the sea"}).status_code == 302
    stock.refresh_from_db()
    assert stock.on_hand == 1


@pytest.mark.parametrize("code", ["allocate", "pick"])
def test_order_page_keeps_goods_ready(client, place, code):
    order = orders.in_pieces()
    client, url = signed_in(client, "warehouse"), reverse(f"orders:{code}", args=[order.pk])
    form = client.get(url).context["form"]
    values = {
        "warehouse_id": place.pk,
        "happened_at": "2026-03-01T10:00:00",
        form.name_of(order.lines.get()): "4",
    }
    assert client.post(url, values).status_code == 302
    assert goods.kept(order) == [(place.code, "4", "4" if code == "pick" else "0")]
    page = client.get(reverse("orders:detail", args=[order.pk])).content.decode()
    assert "Harbour" in page and "Allocated goods" in page


def test_order_page_says_that_no_warehouse_is_in_use(client):
    order = orders.in_pieces()
    url = reverse("orders:allocate", args=[order.pk])
    page = signed_in(client, "warehouse").get(url, follow=True).content.decode()
    assert "No warehouse is in use" in page


def test_order_page_follows_the_carrier(client):
    order = orders.shipped()
    client, url = signed_in(client, "warehouse"), reverse("orders:scan", args=[order.pk])
    detail = reverse("orders:detail", args=[order.pk])
    assert "has not scanned it yet" in client.get(detail).content.decode()
    shipped = order.shipments.get().at
    values = {
        "kind": "in_transit",
        "place": "Hub 9",
        "happened_at": f"{shipped + DAY:%Y-%m-%dT%H:%M}",
    }
    assert client.post(url, values).status_code == 302
    assert "Hub 9" in client.get(detail).content.decode()


def test_order_page_enters_a_replacement(client):
    returned = orders.return_goods(orders.delivered()).returns.get()
    client = signed_in(client, "customer_service")
    answer = client.post(reverse("orders:replace", args=[returned.pk]))
    made = Order.objects.get(replaces=returned)
    assert answer.url == reverse("orders:detail", args=[made.pk])
    page = client.get(answer.url).content.decode()
    assert "the salesperson submits it" in page and "Replaces goods of" in page
    assert page.count(f">{returned.order.number}</a>") == 2  # there, and on the timeline
    page = client.get(reverse("orders:detail", args=[returned.order_id])).content.decode()
    assert made.number in page


def test_event_list_shows_what_waits_and_why(client):
    order = orders.released()
    event = goods.tell(order).event
    page = signed_in(client, "warehouse").get(reverse("orders:events")).content.decode()
    assert order.number in page and event.why in page and "Try again" in page
    page = signed_in(client, "finance").get(reverse("orders:events")).content.decode()
    assert order.number in page and "Try again" not in page


def test_event_is_tried_again_and_dismissed_in_the_browser(client):
    order = orders.released()
    event = goods.tell(order).event
    client = signed_in(client, "customer_service")
    client.post(reverse("orders:retry_event", args=[event.pk]))
    assert FulfilmentEvent.objects.get().state == EventState.WAITING
    url = reverse("orders:dismiss_event", args=[event.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "wrong parcel"})
    assert FulfilmentEvent.objects.get().state == EventState.DISMISSED


@pytest.mark.parametrize("rows", [1, 20])
def test_event_list_asks_a_fixed_number_of_queries(client, rows, django_assert_max_num_queries):
    order = orders.released()
    for _ in range(rows):
        goods.tell(order, EventKind.DELIVERED)
    client = signed_in(client, "warehouse")
    with django_assert_max_num_queries(14):
        assert client.get(reverse("orders:events")).status_code == 200


def test_event_settled_from_the_list_leads_back_to_it(client):
    event = goods.tell(orders.released()).event
    client = signed_in(client, "customer_service")
    url, listed = reverse("orders:retry_event", args=[event.pk]), reverse("orders:events")
    assert client.post(url, {"back": "waiting"}).url == f"{listed}?view=waiting"
    assert client.post(url).url == reverse("orders:detail", args=[event.order_id])
    url = reverse("orders:dismiss_event", args=[event.pk]) + "?back=waiting"
    assert client.get(url).context["back"] == f"{listed}?view=waiting"
    assert client.post(url, {"reason": "wrong parcel"}).url == f"{listed}?view=waiting"
