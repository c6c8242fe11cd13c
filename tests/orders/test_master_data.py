from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Entry
from orders import lifecycle
from orders.lifecycle import ListPrice
from orders.models import Product, ProductPrice, Warehouse
from tests.factories import goods, orders
from tests.factories.moments import NOW
from tests.factories.staff import person
from tests.factories.traces import everything

pytestmark = pytest.mark.django_db
NEW = {"sku": "CAB-1", "name": "Cable"}


@pytest.fixture
def keeper():
    return {"by": person("administrator"), "at": NOW}


def prices(product):
    return {p.currency: (p.price, p.cost) for p in product.prices.all()}


def listed(product, price, currency="CNY", **values):
    return ListPrice(product.pk, currency, Decimal(price), **values)


def test_enter_product_writes_the_journal(keeper):
    made = lifecycle.enter_product(values=NEW, **keeper)
    entry = Entry.objects.about(made).get()
    assert (entry.action, entry.by, entry.data["after"]) == (
        "order.product_changed",
        keeper["by"],
        NEW,
    )
    assert Product.objects.search("cable").get() == made


def test_enter_product_refuses_a_sku_that_is_taken_and_one_that_cannot_be(keeper):
    taken = orders.product()
    for sku in (taken.sku, "no spaces", ""):
        with pytest.raises(ValidationError) as refused:
            lifecycle.enter_product(values=NEW | {"sku": sku}, **keeper)
        assert list(refused.value.message_dict) == ["sku"]


def test_change_product_tells_what_was_and_leaves_the_rest(keeper):
    product = orders.product(category="cables")
    changed = {"name": "Wire", "active": False, "category": "cables"}
    lifecycle.change_product(product_id=product.pk, values=changed, **keeper)
    [entry] = Entry.objects.about(product)
    assert entry.data == {
        "before": {"active": True, "name": product.name},
        "after": {"active": False, "name": "Wire"},
    }
    lifecycle.change_product(product_id=product.pk, values=changed, **keeper)
    assert Entry.objects.about(product).count() == 1


def test_set_prices_changes_what_differs_and_tells_each_product_once(keeper):
    one, other = orders.product("10.00", cost="7.00"), orders.product("20.00")
    given = [
        listed(one, "12.00", keeps_cost=True),
        listed(one, "2.00", "USD", cost=Decimal("1.00")),
        listed(other, "20.00"),
    ]
    assert lifecycle.set_prices(prices=given, **keeper) == 2
    assert prices(one) == {
        "CNY": (Decimal("12.00"), Decimal("7.00")),
        "USD": (Decimal("2.00"), Decimal("1.00")),
    }
    [entry] = Entry.objects.about(one)
    assert entry.data["before"] == {"CNY": {"price": "10.00", "cost": "7.00"}, "USD": None}
    assert not Entry.objects.about(other).exists()


def test_set_prices_asks_the_same_queries_for_many(keeper, django_assert_max_num_queries):
    products = [orders.product() for _ in range(12)]
    keeper["by"].get_all_permissions()
    with django_assert_max_num_queries(6):
        lifecycle.set_prices(prices=[listed(each, "3.00") for each in products], **keeper)


def test_set_prices_refuses_all_for_one_that_cannot_be(keeper):
    product = orders.product("10.00")
    given = [listed(product, "1.00"), listed(product, "-1.00", "USD")]
    with pytest.raises(ValidationError):
        lifecycle.set_prices(prices=given, **keeper)
    assert prices(product) == {"CNY": (Decimal("10.00"), None)}
    assert not Entry.objects.about(product).exists()


def test_remove_price_ends_selling_in_that_currency(keeper):
    product = orders.product("10.00")
    lifecycle.remove_price(product_id=product.pk, currency="CNY", **keeper)
    assert not Product.objects.sellable_in("CNY").exists()
    assert Entry.objects.about(product).get().data["after"] == {"CNY": None}
    with pytest.raises(ProductPrice.DoesNotExist):
        lifecycle.remove_price(product_id=product.pk, currency="CNY", **keeper)


def test_warehouse_is_entered_and_changed(keeper):
    made = lifecycle.enter_warehouse(values={"code": "SHA", "name_en": "Shanghai"}, **keeper)
    lifecycle.change_warehouse(warehouse_id=made.pk, values={"active": False}, **keeper)
    assert not Warehouse.objects.get(code="SHA").active
    latest, first = Entry.objects.about(made)
    assert (first.data["after"]["code"], latest.data["after"]) == ("SHA", {"active": False})
    with pytest.raises(ValidationError):
        lifecycle.enter_warehouse(values={"code": "SHA", "name_en": "Again"}, **keeper)


@pytest.mark.parametrize("role", ["sales_manager", "warehouse", "finance", "auditor"])
def test_verbs_of_master_data_refuse_roles_without_the_right(role):
    product, warehouse = orders.product(), goods.warehouse()
    who, before = {"by": person(role), "at": NOW}, everything()
    for call in (
        lambda: lifecycle.enter_product(values=NEW, **who),
        lambda: lifecycle.change_product(product_id=product.pk, values=NEW, **who),
        lambda: lifecycle.set_prices(prices=[listed(product, "1.00")], **who),
        lambda: lifecycle.remove_price(product_id=product.pk, currency="CNY", **who),
        lambda: lifecycle.enter_warehouse(values={"code": "X"}, **who),
        lambda: lifecycle.change_warehouse(warehouse_id=warehouse.pk, values={}, **who),
    ):
        with pytest.raises(PermissionDenied):
            call()
    assert everything() == before
