import pytest
from django.core.exceptions import PermissionDenied

from credit import lifecycle
from credit.lifecycle import CreditError, Place
from credit.models import Address
from journal.models import Entry
from tests.factories import credit
from tests.factories.moments import NOW
from tests.factories.staff import person
from tests.orders.pages import as_role, client_of, words

pytestmark = pytest.mark.django_db
QUAY = Place("5 Quay Street", "Gate 2", "021-555")


@pytest.fixture
def customer():
    return credit.account().customer


def add(customer, place=QUAY, *, by=None, default=False):
    return lifecycle.add_address(
        customer_id=customer.pk, place=place, by=by or customer.owner, at=NOW, default=default
    )


def act(verb, address, *, by=None, **values):
    return verb(address_id=address.pk, by=by or address.customer.owner, at=NOW, **values)


def told(customer):
    return [(e.action, e.by) for e in Entry.objects.about(customer)]


def test_add_address_keeps_it_and_tells_the_journal(customer):
    made = add(customer, Place(" 5 Quay Street ", "Gate 2 ", "021-555"))
    assert (made.address, made.name, made.phone) == ("5 Quay Street", "Gate 2", "021-555")
    assert told(customer) == [("credit.address_added", customer.owner)]
    assert Entry.objects.about(customer).get().data["after"] == "Gate 2 · 021-555 · 5 Quay Street"


@pytest.mark.parametrize(
    ("place", "words"), [(QUAY, "in the book already"), (Place("  "), "Write the address")]
)
def test_add_address_refuses_what_is_there_or_empty(customer, place, words):
    add(customer)
    with pytest.raises(CreditError, match=words):
        add(customer, place)


def test_add_address_refuses_a_full_book(customer, monkeypatch):
    monkeypatch.setattr("credit.lifecycle.addresses.MOST", 1)
    add(customer)
    with pytest.raises(CreditError, match="1 addresses already"):
        add(customer, Place("6 Quay Street"))


@pytest.mark.parametrize("role", ["sales", "warehouse", "auditor"])
def test_addresses_are_kept_by_those_who_look_after_the_customer(customer, role):
    with pytest.raises(PermissionDenied):
        add(customer, by=person(role))


def test_one_address_is_the_default_at_a_time(customer):
    first, second = add(customer, default=True), add(customer, Place("6 Quay Street"))
    act(lifecycle.make_default, second)
    assert list(customer.addresses.in_use()) == [second, first]
    assert customer.addresses.get(default=True) == second


def test_change_address_says_what_it_was(customer):
    changed = act(lifecycle.change_address, add(customer), place=Place("7 Quay Street"))
    assert str(changed) == "7 Quay Street"
    entry = Entry.objects.about(customer).first()
    assert entry.data["before"] == "Gate 2 · 021-555 · 5 Quay Street"


def test_removed_address_leaves_the_book_and_may_come_back(customer):
    address = add(customer, default=True)
    removed = act(lifecycle.remove_address, address)
    assert (removed.removed_at, removed.default) == (NOW, False)
    with pytest.raises(CreditError, match="meanwhile"):
        act(lifecycle.remove_address, address)
    add(customer)
    assert customer.addresses.in_use().count() == 1


def test_page_adds_changes_and_removes(customer):
    seller, page = client_of(customer.owner), f"/customers/{customer.pk}/addresses/"
    assert "No address yet" in words(seller.get(page))
    seller.post(page, {"address": "5 Quay Street", "name": "Gate 2", "phone": ""})
    address = Address.objects.get()
    seller.post(f"/addresses/{address.pk}/", {"address": "6 Quay Street"})
    seller.post(f"/addresses/{address.pk}/default/")
    text = words(seller.get(page))
    assert "6 Quay Street" in text and "Make default" not in text and "Gate 2" not in text
    seller.post(f"/addresses/{address.pk}/remove/")
    assert "6 Quay Street" not in words(seller.get(page))


def test_page_keeps_what_was_typed_wrong(customer):
    answer = client_of(customer.owner).post(
        f"/customers/{customer.pk}/addresses/", {"address": "", "name": "Gate 9"}
    )
    assert answer.status_code == 422 and "Gate 9" in words(answer)


def test_page_shows_readers_no_forms_and_strangers_nothing(customer):
    add(customer)
    page = f"/customers/{customer.pk}/addresses/"
    text = words(as_role("finance").get(page))
    assert "5 Quay Street" in text and "Add address" not in text
    assert as_role("sales").get(page).status_code == 404
    address = Address.objects.get()
    assert as_role("finance").post(f"/addresses/{address.pk}/remove/").status_code == 403
    assert as_role("sales").post(f"/addresses/{address.pk}/remove/").status_code == 404
