import pytest
from django.urls import reverse

from config import search
from tests.factories import credit, orders
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db


def found(user, words):
    return {hit.name for group in search.everything(user, words) for hit in group.hits}


def test_everything_finds_orders_customers_and_products():
    user = superuser()
    product = orders.product(name="Zephyr pump")
    account = credit.account()
    account.customer.name = "Zephyr Werke"
    account.customer.save(update_fields=["name"])
    assert found(user, "zephyr") == {product.sku, account.customer.code}


def test_everything_keeps_to_what_the_person_may_see():
    customer = credit.account().customer
    assert found(superuser(), customer.code) == {customer.code}
    assert found(person("sales"), customer.code) == set()
    assert found(person(), customer.code) == set()


@pytest.mark.parametrize("words", ["", "no such thing", "%", "\\", "'; --", "𝔘"])
def test_everything_survives_odd_words(words):
    assert search.everything(superuser(), words) == []


def test_search_goes_straight_to_the_one_thing_that_was_named(client):
    customer = credit.account().customer
    client.force_login(superuser())
    response = client.get(reverse("search"), {"q": customer.code.lower()})
    assert response.url == reverse("credit:customer", args=[customer.pk])


def test_search_says_when_there_is_nothing(client):
    client.force_login(superuser())
    page = client.get(reverse("search"), {"q": "no\0thing at all"})
    assert "Nothing matches" in page.content.decode()
