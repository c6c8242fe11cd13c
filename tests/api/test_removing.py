import pytest

from credit.models import Customer, Segment
from journal.models import Entry
from orders.models import Product
from staff.api.scopes import Scope
from tests.factories import credit, orders
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def lonely(kind):
    """A thing to which nothing refers, its address, and a role that may remove it."""
    if kind == "segment":
        made = Segment.objects.create(code="lonely", name_en="Lonely", limit_kind="none")
        return made, f"segments/{made.pk}/", "credit_analyst"
    if kind == "customer":
        account = credit.account("1.00")
        made = account.customer
        account.limits.all().delete()
        account.delete()
        return made, f"customers/{made.pk}/", "administrator"
    made = orders.product("3.00")
    return made, f"products/{made.pk}/", "administrator"


KINDS = ["segment", "customer", "product"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_nothing_refers_to_is_removed_and_told(kind):
    thing, path, role = lonely(kind)
    for other in (Caller(user=person("auditor")), caller(*Scope.values)):
        assert other.post(f"{path}remove/").status_code == 403
    told = Caller(user=person(role)).post(f"{path}remove/")
    assert (told.status_code, told.json()["id"]) == (200, thing.pk), told.json()
    assert not type(thing).objects.filter(pk=thing.pk).exists()
    [entry] = Entry.objects.filter(action__endswith=f".{kind}_removed")
    assert entry.data == {"removed": str(thing)}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_in_use_stays(kind):
    order = orders.draft(credit.account("100.00"))
    model, pk, role = {
        "segment": (Segment, order.customer.segment_id, "credit_analyst"),
        "customer": (Customer, order.customer_id, "administrator"),
        "product": (Product, order.lines.get().product_id, "administrator"),
    }[kind]
    refused = Caller(user=person(role)).post(f"{kind}s/{pk}/remove/")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert model.objects.filter(pk=pk).exists()
    assert not Entry.objects.filter(action__endswith="_removed").exists()


def test_back_office_removes_by_the_same_verb():
    product, _path, _role = lonely("product")
    browser = Caller(user=person("administrator")).client
    browser.post(f"/admin/orders/product/{product.pk}/delete/", {"post": "yes"})
    assert not Product.objects.filter(pk=product.pk).exists()
    assert Entry.objects.filter(action="order.product_removed").count() == 1
