import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import translation

from staff import permissions, role_groups, roles
from staff.roles import PERMISSIONS, Role
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db

DECIDE = "approvals.decide"
RELEASE = "orders.release_hold"
SELL = "orders.submit_order"
TAKE_MONEY = "orders.record_payment"
SHIP = "orders.ship_order"


def held(role):
    pairs = Group.objects.get(name=role).permissions.values_list(
        "content_type__app_label", "codename"
    )
    return {f"{app}.{codename}" for app, codename in pairs}


@pytest.mark.parametrize("role", Role.values)
def test_sync_gives_every_role_each_listed_permission(role):
    listed = {name for name in PERMISSIONS[Role(role)] if "*" not in name}
    assert listed - held(role) == set()


@pytest.mark.parametrize(
    "pattern", sorted({n for names in PERMISSIONS.values() for n in names if "*" in n})
)
def test_pattern_of_the_table_matches_something(pattern):
    pairs = Permission.objects.values_list("content_type__app_label", "codename")
    assert role_groups.matching([pattern], [f"{app}.{codename}" for app, codename in pairs])


def test_sync_changes_nothing_when_repeated():
    links = Group.permissions.through.objects
    before = set(links.values_list("pk", flat=True))
    role_groups.sync()
    assert set(links.values_list("pk", flat=True)) == before


def test_sync_takes_away_what_is_not_in_the_table():
    group = Group.objects.get(name="sales")
    group.permissions.add(Permission.objects.get(codename="decide"))
    role_groups.sync()
    assert DECIDE not in held("sales")


def test_sync_leaves_a_company_group_alone():
    group = Group.objects.create(name="Night shift")
    group.permissions.add(Permission.objects.get(codename="ship_order"))
    role_groups.sync()
    assert held("Night shift") == {SHIP}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SELL, DECIDE),
        (SELL, RELEASE),
        (DECIDE, SHIP),
        (DECIDE, TAKE_MONEY),
        (TAKE_MONEY, RELEASE),
        (TAKE_MONEY, SHIP),
        (SHIP, RELEASE),
        ("credit.change_limit", "staff.assign_roles"),
        ("credit.change_limit", TAKE_MONEY),
        ("credit.change_invoice", DECIDE),
        (DECIDE, "staff.assign_roles"),
    ],
)
def test_no_role_holds_two_duties_that_must_be_separate(one, other):
    assert [role for role in Role.values if {one, other} <= held(role)] == []


def test_auditor_sees_everything_and_changes_nothing():
    rights = held("auditor")
    changing = {n for n in rights if not n.split(".")[1].startswith("view_")}
    assert changing == {"staff.open_admin"}
    assert {"journal.view_entry", "orders.view_margin", "credit.view_all_customers"} <= rights


@pytest.mark.parametrize("role", ["sales", "warehouse", "supply_chain", "customer_service"])
def test_margin_is_hidden_from_who_does_not_judge_prices(role):
    assert "orders.view_margin" not in held(role)


def test_every_role_but_sales_sees_all_customers():
    blind = {role for role in Role.values if "credit.view_all_customers" not in held(role)}
    assert blind == {"sales"}


def test_admin_opens_for_those_who_keep_something_there():
    opens = {role for role in Role.values if person(role).is_staff}
    assert opens == {"administrator", "auditor", "credit_analyst", "finance"}
    assert superuser().is_staff


def test_label_speaks_of_a_role_and_keeps_a_company_group_name():
    assert roles.label("credit_analyst") == "Credit analyst"
    assert roles.label("Night shift") == "Night shift"


def test_permission_label_is_taken_from_the_model():
    with translation.override("en"):
        assert permissions.label("staff", "assign_roles").startswith("Can give roles")
        assert permissions.label("staff", "view_user") == "Can see: people"
        assert permissions.label("staff", "gone") == "gone"
