import pytest
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Concat, Upper

from credit.models import Customer
from orders import querysets
from orders.lifecycle.draft import Origin
from orders.models import Order, SearchText
from tests.factories import credit, orders

pytestmark = pytest.mark.django_db
PLACES = [
    "上海市浦东新区张江路 887 号",
    "Shanghai, Quay Street 5",
    "",
    "100%_off \\ lane",
    "straße 1",
    "200120 上海市 021-5888 13800001234567",
]


@pytest.fixture
def book():
    """Orders to several places, of several customers, some with a number at the source."""
    account = credit.account(name="Harbour Trading 港口")
    for place, where in enumerate(PLACES):
        order = orders.draft(
            credit.account() if place else account,
            origin=Origin(external_id=f"WEB-{place}" if place % 2 else ""),
        )
        Order.objects.filter(pk=order.pk).update(ship_to_address=where, ship_to_name="王建国")
    return account


def slowly(words):
    """What the search finds, found without any index."""
    text = Concat("ship_to_name", querysets.Value(" "), "ship_to_phone", querysets.Value(" "),
                  "ship_to_address")  # fmt: skip
    customers = Customer.objects.search(words)
    found = Order.objects.alias(text=Upper(text)).filter(
        Q(external_id__startswith=words)
        | Q(customer__in=customers)
        | Q(text__contains=words.upper())
    )
    return set(found.values_list("pk", flat=True))


@pytest.mark.parametrize("few", [5_000, 0])
@pytest.mark.parametrize(
    "words",
    ["上海", "海市", "张", "quay", "QUAY street", "887", "WEB-1", "web-1", "EB-1", "港口",
     "harbour", "%", "_off", "\\", "王建国 ", "nothing like this", "STRASSE", "建国  上",
     "13800001234567", "800001", "00123", "200120 上海", "上海市 021-5888 1380000", "13800009"],
)  # fmt: skip
def test_search_finds_the_same_by_index_and_without(book, words, few, monkeypatch):
    monkeypatch.setattr(querysets, "_FEW", few)
    assert set(Order.objects.search(words).values_list("pk", flat=True)) == slowly(words)


def test_search_follows_what_the_order_says():
    order = orders.draft(credit.account())
    Order.objects.filter(pk=order.pk).update(ship_to_address="5 Quay Street")
    assert list(Order.objects.search("quay")) == [order]
    Order.objects.filter(pk=order.pk).update(ship_to_address="Elsewhere")
    assert list(Order.objects.search("quay")) == []
    assert SearchText.objects.get().ship_to.strip() == "ELSEWHERE"


def test_search_without_a_hit_reads_no_orders(book):
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        for found, index in (
            (SearchText.objects.going_to("魟魚巷"), "order_search_grams"),
            (SearchText.objects.numbered("魟魚巷"), "order_search_external"),
        ):
            sql, values = found.query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", values)
            assert index in "\n".join(line for (line,) in cursor.fetchall())


def test_search_for_a_telephone_number_asks_for_digits_that_few_orders_have():
    values = SearchText.objects.going_to("张 13800001").query.sql_with_params()[1]
    assert values[0] == ["138000", "380000", "800001"]


def test_search_narrows_to_what_somebody_may_see(book):
    assert list(Order.objects.for_user(book.customer.owner).search("王建国")) == list(
        Order.objects.filter(customer=book.customer)
    )
