from decimal import Decimal

import pytest

from config.admin_figures import written
from tests.factories import credit
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.force_login(person("administrator"), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("1234567.5", 2, "1,234,567.50"),
        ("-1234", 2, "−1,234.00"),
        ("7.1234500000", 10, "7.12345"),
        ("1.0000000000", 10, "1.00"),
        ("1200.000", 3, "1,200.00"),
        ("12.5", 1, "12.5"),
    ],
)
def test_written_groups_thousands_and_drops_idle_zeros(value, decimals, text):
    assert written(Decimal(value), decimals) == text


def test_admin_list_separates_thousands(administrator):
    credit.account("1234567.00")
    assert "1,234,567.00" in administrator.get("/admin/credit/creditlimit/").content.decode()


def test_admin_form_separates_thousands(administrator):
    limit = credit.account("1234567.00").limits.get()
    page = administrator.get(f"/admin/credit/creditlimit/{limit.pk}/change/").content.decode()
    assert "1,234,567.00" in page
