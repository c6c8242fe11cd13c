import pytest

from orders.models import Product
from staff.api.scopes import Scope
from tests.factories import credit, goods, orders
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
CABLE = {"sku": "CAB-1", "name": "Cable", "tax_percent": "6.00"}


@pytest.fixture
def erp():
    return caller(Scope.MASTER)


def price(sku, amount, currency="CNY", **values):
    return {"sku": sku, "currency": currency, "price": amount} | values


def test_product_is_entered_priced_and_sold(erp):
    made = erp.post("products/", CABLE)
    assert (made.status_code, made.json()["prices"], made.json()["tax_percent"]) == (
        201,
        [],
        "6.00",
    )
    body = {"prices": [price("CAB-1", "19.90", cost="11.20"), price("CAB-1", "3.00", "USD")]}
    assert erp.post("products/prices/", body).json() == {"changed": 2}
    assert erp.post("products/prices/", body).json() == {"changed": 0}
    [found] = erp.get("products/", sku="CAB-1").json()["results"]
    told = erp.get(f"products/{found['id']}/").json()["prices"]
    assert [(one["currency"], one["price"], one["cost"]) for one in told] == [
        ("CNY", "19.90", None),
        ("USD", "3.00", None),
    ]
    account = credit.account("100.00")
    body = {"customer": account.customer.code, "lines": [{"sku": "CAB-1", "quantity": "1"}]}
    assert caller().post("orders/quote/", body).json()["total"] == "21.09"


def test_cost_that_is_left_out_stays(erp):
    product = orders.product("10.00", cost="7.00")
    for body, cost in (
        (price(product.sku, "11.00"), "7.00"),
        (price(product.sku, "11.00", cost=None), None),
    ):
        erp.post("products/prices/", {"prices": [body]})
        seer = Caller(user=person("administrator"))
        assert seer.get(f"products/{product.pk}/").json()["prices"][0]["cost"] == cost


def test_product_is_changed_and_repeated_once(erp):
    product = orders.product()
    changed = erp.send("patch", f"products/{product.pk}/", {"active": False}, once="a")
    assert (changed.status_code, changed.json()["active"]) == (200, False)
    again = erp.send("patch", f"products/{product.pk}/", {"active": False}, once="a")
    assert again["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("products/", {"sku": "a b", "name": "x"}, "sku"),
        ("products/", {"sku": "A"}, "name"),
        ("products/prices/", {"prices": [price("NONE", "1.00")]}, "prices.0.sku"),
        ("products/prices/", {"prices": [price("X", "-1")]}, "prices.0.price"),
        ("products/prices/", {"prices": []}, "prices"),
        ("products/prices/remove/", {"sku": "NONE", "currency": "CNY"}, "sku"),
        ("warehouses/", {"code": "-", "name_en": "x"}, "code"),
    ],
)
def test_what_cannot_be_so_is_refused_by_field(erp, path, body, field):
    refused = erp.post(path, body)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, [field])


def test_price_is_removed_once(erp):
    product = orders.product()
    body = {"sku": product.sku, "currency": "CNY"}
    assert erp.post("products/prices/remove/", body).json()["prices"] == []
    assert erp.post("products/prices/remove/", body).status_code == 404


def test_warehouse_is_entered_and_changed(erp):
    made = erp.post("warehouses/", {"code": "SHA", "name_en": "Shanghai", "name_zh_hans": "上海"})
    assert (made.status_code, made.json()["name"]) == (201, "Shanghai")
    path = f"warehouses/{made.json()['id']}/"
    assert erp.send("patch", path, {"active": False}).json()["active"] is False
    assert erp.get(path).json()["name_zh_hans"] == "上海"


def test_key_enters_a_customer_and_decides_nothing_about_them(erp):
    segment = erp.get("segments/").json()["results"] or [{"code": credit.segment().code}]
    seller = person("sales", full_name="Chen Wei")
    [owner] = erp.get("people/", q="chen w").json()["results"]
    assert owner["id"] == seller.pk
    body = {"code": "N-1", "name": "Blue", "segment": segment[0]["code"], "owner": seller.pk}
    made = erp.post("customers/", body)
    assert made.status_code == 201
    path = f"customers/{made.json()['id']}/"
    assert erp.send("patch", path, {"phone": "+86 1"}).json()["phone"] == "+86 1"
    refused = erp.send("patch", path, {"payment_days": 90})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert erp.post(f"{path}account/", {"currency": "CNY"}).status_code == 403


@pytest.mark.parametrize("who", ["sales_manager", "warehouse", "auditor"])
def test_master_data_is_kept_by_those_who_may(who):
    product, warehouse, them = orders.product(), goods.warehouse(), Caller(user=person(who))
    patches = {f"products/{product.pk}/": {"active": False}, f"warehouses/{warehouse.pk}/": {}}
    answers = [them.send("patch", path, body) for path, body in patches.items()]
    answers += [them.post("products/", CABLE), them.post("warehouses/", {"code": "X"})]
    answers += [them.post("products/prices/", {"prices": [price(product.sku, "1.00")]})]
    assert {answer.status_code for answer in answers} == {403}
    assert Product.objects.get().active


def test_other_scopes_keep_no_master_data():
    others = caller(*(scope for scope in Scope.values if scope != Scope.MASTER))
    assert others.post("products/", CABLE).status_code == 403
    assert others.post("customers/", {"code": "X"}).status_code == 403
