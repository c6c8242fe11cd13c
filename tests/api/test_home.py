from decimal import Decimal

import pytest

from config import display
from tests.factories import orders
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def test_search_finds_what_the_caller_may_see_and_says_where():
    order = orders.failed()
    system = caller()
    [found] = system.get("search/", q=order.number).json()["groups"]
    [hit] = found["results"]
    assert (found["kind"], found["more"], hit["name"]) == ("orders", None, order.number)
    assert hit["url"] == f"/api/v1/orders/{order.pk}/"
    assert system.client.get(hit["url"], headers=system.headers).status_code == 200
    stranger = Caller(user=person("sales"))
    assert stranger.get("search/", q=order.number).json() == {"groups": []}


def test_search_says_where_there_is_more():
    for _ in range(9):
        orders.product(name="Zephyr pump")
    [found] = caller().get("search/", q="zephyr").json()["groups"]
    assert (len(found["results"]), found["more"]) == (8, "/api/v1/products/?q=zephyr")


def test_search_for_nothing_finds_nothing_and_too_long_a_text_is_refused():
    assert caller().get("search/").json() == {"groups": []}
    assert caller().get("search/", q="x" * 101).json()["errors"].keys() == {"q"}


def test_home_tells_figures_and_the_work_that_waits():
    order = orders.failed("1234.50", limit="50.00")
    me = Caller(user=order.owner)
    told = me.get("home/").json()
    tiles = {tile["code"]: tile for tile in told["tiles"]}
    assert (tiles["held_value"]["value"], tiles["exposure"]["unit"]) == ("0.00", "")
    [failed] = [work for work in told["work"] if work["kind"] == "orders"]
    assert failed["results"][0]["url"] == f"/api/v1/orders/{order.pk}/"


def test_home_words_figures_and_tells_them_exactly():
    order = orders.released("1234567.89")
    orders.hold(order)
    told = Caller(user=order.owner).get("home/").json()["tiles"]
    [held] = [tile for tile in told if tile["code"] == "held_value"]
    assert (held["value"], held["unit"]) == ("1234567.89", "CNY")
    assert held["figure"] == display.compact(Decimal("1234567.89"))


def test_home_shows_nobody_figures_that_are_not_theirs():
    told = Caller(user=person("warehouse")).get("home/").json()
    assert "exposure" not in {tile["code"] for tile in told["tiles"]}
    assert Caller().get("home/").status_code == 401
