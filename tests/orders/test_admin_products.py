from decimal import Decimal

import pytest

from journal.models import Entry
from orders.models import Product, Warehouse
from tests.factories import orders
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
PRODUCTS, WAREHOUSES = "/admin/orders/product/", "/admin/orders/warehouse/"


@pytest.fixture
def keeper(client):
    client.force_login(person("administrator"), "django.contrib.auth.backends.ModelBackend")
    return client


def filled(*rows, old=0, **values):
    """The form of a product with its rows of prices, of which `old` were there before."""
    form = {"sku": "CAB-1", "name": "Cable", "category": "", "tax_percent": "13", "active": "on"}
    form |= {"prices-TOTAL_FORMS": str(len(rows)), "prices-INITIAL_FORMS": str(old)}
    for place, row in enumerate(rows):
        form |= {f"prices-{place}-{name}": value for name, value in row.items()}
    return form | values


def price(currency, price, cost="", **more):
    return {"currency": currency, "price": price, "cost": cost} | more


def prices(product):
    return {one.currency: one.price for one in product.prices.all()}


def test_product_is_entered_with_its_prices(keeper):
    made = keeper.post(f"{PRODUCTS}add/", filled(price("CNY", "10"), price("USD", "2", "1")))
    assert made.status_code == 302
    product = Product.objects.get(sku="CAB-1")
    assert prices(product) == {"CNY": Decimal(10), "USD": Decimal(2)}
    told = [entry.data["after"] for entry in Entry.objects.about(product)]
    assert told[1]["sku"] == "CAB-1" and told[0]["USD"] == {"price": "2.00", "cost": "1.00"}


def test_product_is_changed_and_its_price_moves_to_another_currency(keeper):
    product = orders.product("10.00")
    row = {"id": str(product.prices.get().pk), "product": str(product.pk)}
    form = filled(price("USD", "3", **row), old=1, sku=product.sku, name="Wire")
    assert keeper.post(f"{PRODUCTS}{product.pk}/change/", form).status_code == 302
    product.refresh_from_db()
    assert (product.name, prices(product)) == ("Wire", {"USD": Decimal(3)})
    told = [entry.data["after"] for entry in Entry.objects.about(product)]
    usd = {"price": "3.00", "cost": None}
    assert told == [{"USD": usd}, {"CNY": None}, {"name": "Wire"}]


def test_price_is_taken_off(keeper):
    product = orders.product("10.00")
    row = {"id": str(product.prices.get().pk), "product": str(product.pk), "DELETE": "on"}
    form = filled(price("CNY", "10", **row), old=1, sku=product.sku, name=product.name)
    assert keeper.post(f"{PRODUCTS}{product.pk}/change/", form).status_code == 302
    assert prices(product) == {}


def test_warehouse_is_entered_and_changed_by_its_verbs(keeper):
    form = {"code": "SHA", "name_en": "Shanghai", "active": "on"}
    assert keeper.post(f"{WAREHOUSES}add/", form).status_code == 302
    warehouse = Warehouse.objects.get(code="SHA")
    changed = form | {"name_zh_hans": "上海"}
    assert keeper.post(f"{WAREHOUSES}{warehouse.pk}/change/", changed).status_code == 302
    assert Entry.objects.about(warehouse)[0].data["after"] == {"name_zh_hans": "上海"}
