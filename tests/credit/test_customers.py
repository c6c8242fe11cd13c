import pytest
from django.core.exceptions import PermissionDenied

from credit import lifecycle
from credit.models import Customer
from journal.models import Entry
from staff.api.authentication import key_of
from staff.api.scopes import Scope
from tests.factories import api, credit
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
ADMIN = "/admin/credit/customer/"


@pytest.fixture
def system():
    """The service user of a key with every scope."""
    return key_of(f"Bearer {api.key(*Scope.values)[1]}", NOW).user


@pytest.mark.parametrize(
    "values", [{"payment_days": 90}, {"vip": True}, {"status": "watch", "status_reason": "late"}]
)
def test_change_customer_lets_no_key_decide_about_credit(system, values):
    customer = credit.account().customer
    with pytest.raises(PermissionDenied):
        lifecycle.change_customer(customer_id=customer.pk, values=values, by=system, at=NOW)
    assert not Entry.objects.about(customer).exists()


def test_change_customer_lets_a_key_keep_names_and_addresses(system):
    customer = credit.account().customer
    same = {"segment": customer.segment, "payment_days": customer.payment_days}
    values = same | {"name": "Blue Harbour", "phone": "1"}
    lifecycle.change_customer(customer_id=customer.pk, values=values, by=system, at=NOW)
    assert Entry.objects.about(customer).get().data["after"] == {
        "name": "Blue Harbour",
        "phone": "1",
    }


def test_customer_of_the_back_office_goes_through_the_verbs(client):
    analyst, owner, segment = person("credit_analyst"), person("sales"), credit.segment()
    client.force_login(analyst, "django.contrib.auth.backends.ModelBackend")
    form = {
        "code": "NEW-1",
        "name": "Blue Harbour",
        "segment": segment.pk,
        "owner": owner.pk,
        "payment_days": "30",
        "status": "active",
    }
    assert client.post(f"{ADMIN}add/", form).status_code == 302
    customer = Customer.objects.get(code="NEW-1")
    changed = form | {"payment_days": "45"}
    assert client.post(f"{ADMIN}{customer.pk}/change/", changed).status_code == 302
    latest, first = Entry.objects.about(customer)
    assert (first.data["after"]["code"], latest.by) == ("NEW-1", analyst)
    assert latest.data == {"before": {"payment_days": 30}, "after": {"payment_days": 45}}
