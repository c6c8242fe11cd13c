import pytest
from django.urls import reverse

from exceptions.models import Cause
from orders.models import Warehouse
from tests.factories import credit
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def page(client):
    def fetch(role, name, pk):
        client.force_login(person(role), BACKEND)
        return client.get(reverse(f"admin:{name}", args=[pk])).content.decode()

    return fetch


@pytest.mark.parametrize(("role", "linked"), [("finance", False), ("administrator", True)])
def test_values_are_linked_only_for_those_who_may_follow(page, role, linked):
    by = person("finance", full_name="Wu Peishan")
    receipt = credit.receipt(credit.account("100.00"), "10.00", by=by)
    shown = page(role, "credit_receipt_change", receipt.pk)
    assert "Wu Peishan" in shown
    assert (f'href="/admin/staff/user/{by.pk}/change/"' in shown) is linked


def test_values_stay_linked_to_what_a_reader_may_open(page):
    receipt = credit.receipt(credit.account("100.00"), "10.00")
    shown = page("finance", "credit_receipt_change", receipt.pk)
    assert f'href="/admin/credit/creditaccount/{receipt.account_id}/change/"' in shown


@pytest.mark.parametrize("model", [Cause, Warehouse])
def test_what_no_verb_removes_stays_in_the_admin(client, model):
    thing = model.objects.get_or_create(code="X1", defaults={"name_en": "X1"})[0]
    client.force_login(superuser(), BACKEND)
    name = f"admin:{thing._meta.app_label}_{thing._meta.model_name}_delete"
    address = reverse(name, args=[thing.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=thing.pk).exists()
