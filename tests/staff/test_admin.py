import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group

from journal.models import Entry
from staff.models import User
from tests.factories.staff import PASSWORD, department, person, superuser

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/staff/user/"


def group(role):
    return Group.objects.get(name=role)


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def values(user, **changes):
    fields = {
        "username": user.username,
        "full_name": user.full_name,
        "email": "",
        "department": "",
        "is_active": "on",
        "groups": [g.pk for g in user.groups.all()],
        "language": "",
        "time_zone": "",
        "theme": "system",
    }
    return fields | changes


def test_administrator_gives_roles_and_department(as_):
    user = person("sales")
    roles = [group("finance").pk]
    sent = values(user, groups=roles, department=department("finance").pk)
    response = as_(person("administrator")).post(f"{PEOPLE}{user.pk}/change/", sent)
    assert response.status_code == 302
    user.refresh_from_db()
    assert [g.name for g in user.groups.all()] == ["finance"]
    assert user.department.code == "finance"
    assert LogEntry.objects.filter(object_id=str(user.pk)).exists()


def test_administrator_adds_a_person(as_):
    secret = "a long enough phrase"
    sent = {"username": "new", "usable_password": "true", "password1": secret, "password2": secret}
    sent |= {"full_name": "新人", "groups": [group("sales").pk]}
    response = as_(person("administrator")).post(f"{PEOPLE}add/", sent)
    assert response.status_code == 302
    user = User.objects.get(username="new")
    assert user.has_perm("orders.submit_order")
    assert user.check_password(secret)


def test_administrator_sets_a_new_password_for_somebody(as_):
    user, secret = person("sales"), "a long enough phrase"
    sent = {"usable_password": "true", "password1": secret, "password2": secret}
    response = as_(person("administrator")).post(f"{PEOPLE}{user.pk}/password/", sent)
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password(secret)
    told = Entry.objects.get(action="person.password_set")
    assert (told.subject_id, told.data) == (user.pk, {"usable": True})


def test_administrator_takes_a_password_away(as_):
    user, sent = person("sales"), {"usable_password": "false", "unset-password": "1"}
    answer = as_(person("administrator")).post(f"{PEOPLE}{user.pk}/password/", sent)
    assert answer.status_code == 302
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert Entry.objects.get(action="person.password_set").data == {"usable": False}


def test_administrator_cannot_set_the_own_password_unasked(as_):
    me = person("administrator")
    sent = {"usable_password": "true", "password1": "a long phrase", "password2": "a long phrase"}
    answer = as_(me).post(f"{PEOPLE}{me.pk}/password/", sent)
    assert (answer.status_code, answer.url) == (302, "/profile/password/")
    me.refresh_from_db()
    assert me.check_password(PASSWORD)


@pytest.mark.parametrize("make", [lambda: person("administrator"), superuser])
def test_nobody_changes_the_own_roles(as_, make):
    me = make()
    sent = values(me, full_name="New", groups=[group("credit_analyst").pk], is_superuser="on")
    before = (me.is_superuser, [g.name for g in me.groups.all()])
    as_(me).post(f"{PEOPLE}{me.pk}/change/", sent)
    me = User.objects.get(pk=me.pk)
    assert me.full_name == "New"
    assert (me.is_superuser, [g.name for g in me.groups.all()]) == before


def test_administrator_cannot_make_a_superuser(as_):
    user = person("sales")
    sent = values(user, is_superuser="on", is_staff="on", user_permissions=["1"])
    as_(person("administrator")).post(f"{PEOPLE}{user.pk}/change/", sent)
    user.refresh_from_db()
    assert (user.is_superuser, user.user_permissions.count()) == (False, 0)


@pytest.mark.parametrize("page", ["change", "password", "delete", "history"])
def test_administrator_cannot_reach_a_superuser(as_, page):
    target = superuser()
    client = as_(person("administrator"))
    client.post(f"{PEOPLE}{target.pk}/{page}/", {"password1": "x", "password2": "x", "post": "yes"})
    target.refresh_from_db()
    assert target.check_password(PASSWORD)
    assert target.username not in client.get(PEOPLE).content.decode()
    assert client.get(f"{PEOPLE}{target.pk}/{page}/").status_code in (302, 403, 404)


def test_nobody_deletes_people(as_):
    user = person()
    assert as_(superuser()).post(f"{PEOPLE}{user.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_superuser_makes_a_superuser(as_):
    user = person()
    as_(superuser()).post(f"{PEOPLE}{user.pk}/change/", values(user, is_superuser="on"))
    user.refresh_from_db()
    assert user.is_superuser


@pytest.mark.parametrize("role", ["auditor", "credit_analyst", "finance"])
def test_other_roles_cannot_change_people(as_, role):
    user = person("sales")
    client = as_(person(role))
    client.post(f"{PEOPLE}{user.pk}/change/", values(user, groups=[group("finance").pk]))
    assert [g.name for g in user.groups.all()] == ["sales"]
    assert client.get(f"{PEOPLE}add/").status_code == 403


def test_roles_of_the_product_are_read_only_and_named(as_):
    client = as_(superuser())
    page = client.get(f"/admin/staff/rolegroup/{group('sales').pk}/change/").content.decode()
    assert "Can see: " in page
    assert 'name="permissions"' not in page
    sent = {"name": "sales", "permissions": []}
    assert (
        client.post(f"/admin/staff/rolegroup/{group('sales').pk}/change/", sent).status_code == 403
    )


def test_company_group_is_made_by_a_superuser_only(as_):
    sent = {"name": "Night shift", "permissions": []}
    assert as_(person("administrator")).get("/admin/staff/rolegroup/add/").status_code == 403
    assert as_(superuser()).post("/admin/staff/rolegroup/add/", sent).status_code == 302
    own = Group.objects.get(name="Night shift")
    assert as_(superuser()).get(f"/admin/staff/rolegroup/{own.pk}/change/").status_code == 200


def test_people_list_filters_by_role(as_):
    sales, finance = person("sales"), person("finance")
    page = as_(person("auditor")).get(PEOPLE, {"role": "finance"}).content.decode()
    assert finance.username in page
    assert sales.username not in page


def test_people_list_costs_the_same_for_many(as_, django_assert_max_num_queries):
    client = as_(person("administrator"))
    for _ in range(30):
        person("sales", "finance", department=department())
    with django_assert_max_num_queries(18):
        assert client.get(PEOPLE).status_code == 200


def test_department_code_is_fixed_once_given(as_):
    warehouse = department("warehouse")
    sent = {"code": "other", "name_en": "Stores", "name_zh_hans": "", "name_zh_hant": ""}
    as_(person("administrator")).post(f"/admin/staff/department/{warehouse.pk}/change/", sent)
    warehouse.refresh_from_db()
    assert (warehouse.code, warehouse.name) == ("warehouse", "Stores")
