import pytest

from staff.api.scopes import Scope
from tests.factories import credit
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return Caller(user=person("customer_service"))


def test_book_is_kept_for_a_customer(service):
    path = f"customers/{credit.account().customer_id}/addresses/"
    body = {"name": "Chen Wei", "address": "88 Century Avenue", "default": True}
    made = service.post(path, body)
    assert (made.status_code, made.json()["default"]) == (201, True)
    other = service.post(path, {"address": "5 Quay Street"}).json()
    service.post(f"addresses/{other['id']}/default/")
    assert [one["id"] for one in service.get(path).json()["results"]] == [
        other["id"],
        made.json()["id"],
    ]
    changed = service.put(f"addresses/{other['id']}/", {"address": "6 Quay Street"}).json()
    assert (changed["address"], changed["name"]) == ("6 Quay Street", "")
    assert service.post(f"addresses/{other['id']}/remove/").json()["removed_at"]
    assert len(service.get(path).json()["results"]) == 1


def test_address_that_makes_no_sense_is_refused(service):
    address = credit.address(credit.account().customer)
    path = f"customers/{address.customer_id}/addresses/"
    twice = service.post(path, {"address": address.address})
    assert (twice.status_code, twice.json()["code"]) == (422, "credit_refused")
    assert list(service.post(path, {"name": "x"}).json()["errors"]) == ["address"]
    service.post(f"addresses/{address.pk}/remove/")
    gone = service.post(f"addresses/{address.pk}/default/")
    assert (gone.status_code, gone.json()["code"]) == (422, "credit_refused")


def test_book_is_kept_from_those_who_may_not():
    address = credit.address(credit.account().customer)
    path, reader = f"customers/{address.customer_id}/addresses/", caller(Scope.READ)
    assert reader.get(path).json()["results"][0]["address"] == address.address
    assert reader.post(path, {"address": "x"}).status_code == 403
    stranger = Caller(user=person("sales"))
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"addresses/{address.pk}/remove/").status_code == 404
