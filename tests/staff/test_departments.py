import pytest
from django.apps import apps
from django.utils import translation

from staff import departments
from staff.models import Department
from tests.factories.staff import department

pytestmark = pytest.mark.django_db


def test_seed_gives_every_department_three_names():
    for code in departments.SEEDED:
        made = department(code)
        assert all([made.name_en, made.name_zh_hans, made.name_zh_hant])


def test_seed_keeps_what_an_administrator_changed():
    Department.objects.filter(code="warehouse").update(name_en="Stores")
    departments.seed_after_migrate(using="default", apps=apps)
    assert department("warehouse").name_en == "Stores"
    assert Department.objects.count() == len(departments.SEEDED)


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Sales"), ("zh-hans", "销售部"), ("zh-hant", "業務部")]
)
def test_department_name_follows_the_language(language, name):
    with translation.override(language):
        assert str(department("sales")) == name
