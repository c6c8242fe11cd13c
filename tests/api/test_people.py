import pytest
from django.test import Client

from journal.models import Entry
from staff.api.scopes import Scope
from staff.models import ServiceUser, User
from tests.factories.api import Caller, caller, key
from tests.factories.staff import department, person, superuser

pytestmark = pytest.mark.django_db
NEW = {"username": "wang.li", "full_name": "王力", "department": "finance", "roles": ["finance"]}


@pytest.fixture
def administrator():
    return Caller(user=person("administrator"))


def test_person_is_entered_without_a_password(administrator):
    made = administrator.post("people/", NEW, once="a")
    told = made.json()
    assert (made.status_code, told["roles"], told["department"]) == (201, ["finance"], "finance")
    assert administrator.post("people/", NEW, once="a").json()["id"] == told["id"]
    user = User.objects.get(pk=told["id"])
    assert user.has_perm("orders.record_payment") and not user.has_usable_password()
    assert Entry.objects.get(action="person.entered").data["after"]["roles"] == ["finance"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": "taken"}, "username"),
        ({"username": "a b"}, "username"),
        ({"email": "x"}, "email"),
        ({"department": "moon"}, "department"),
        ({"roles": ["finance", "king"]}, "roles"),
    ],
)
def test_person_that_cannot_be_is_refused_by_field(administrator, wrong, field):
    person(username="taken")
    refused = administrator.post("people/", NEW | wrong)
    assert (refused.status_code, [*refused.json()["errors"]]) == (422, [field])


def test_person_is_changed_and_the_journal_says_how(administrator):
    user = person("sales")
    path = f"people/{user.pk}/"
    body = {"full_name": "New", "department": "sales", "email": "a@EXAMPLE.com"}
    told = administrator.send("patch", path, body).json()
    assert (told["name"], told["email"]) == ("New", "a@example.com")
    administrator.send("patch", path, body)
    data = Entry.objects.get(action="person.changed").data
    assert data["after"] == {
        "department": department("sales").pk,
        "email": "a@example.com",
        "full_name": "New",
    }


def test_address_is_not_told_to_a_key():
    user = person("sales", email="a@example.com")
    assert caller(Scope.READ).get(f"people/{user.pk}/").json()["email"] is None


def test_roles_are_given_and_told(administrator):
    user = person("sales")
    told = administrator.put(f"people/{user.pk}/roles/", {"roles": ["warehouse", "sales"]})
    assert told.json()["roles"] == ["sales", "warehouse"]
    assert Entry.objects.get(action="person.roles_changed").data == {
        "before": {"roles": ["sales"]},
        "after": {"roles": ["sales", "warehouse"]},
    }
    listed = administrator.get("people/", role="warehouse").json()["results"]
    assert [one["id"] for one in listed] == [user.pk]


def test_closed_account_is_out_and_comes_back(administrator):
    user, browser = person("sales"), Client()
    browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
    path = f"people/{user.pk}/"
    assert administrator.post(f"{path}close/").json()["active"] is False
    assert browser.get("/orders/").status_code == 302
    assert administrator.post(f"{path}close/").json()["code"] == "person_refused"
    closed = administrator.get("people/", closed="true").json()["results"]
    assert [one["id"] for one in closed] == [user.pk]
    assert administrator.post(f"{path}reopen/").json()["active"] is True
    assert administrator.post(f"{path}reopen/").json()["code"] == "person_refused"


@pytest.mark.parametrize("make", [lambda: person("administrator"), superuser])
def test_nobody_raises_or_closes_themselves(make):
    me = make()
    self = Caller(user=me)
    for refused in (
        self.put(f"people/{me.pk}/roles/", {"roles": ["credit_analyst"]}),
        self.post(f"people/{me.pk}/close/"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "person_refused")
    assert not me.groups.filter(name="credit_analyst").exists()


def test_superuser_is_out_of_reach_of_administrators(administrator):
    path = f"people/{superuser().pk}/"
    assert administrator.get(path).status_code == 404
    assert administrator.send("patch", path, {"full_name": "x"}).status_code == 404
    assert administrator.put(f"{path}roles/", {"roles": []}).status_code == 404
    assert administrator.post(f"{path}close/").status_code == 404


def test_nobody_is_made_a_superuser(administrator):
    user = person("sales")
    administrator.send("patch", f"people/{user.pk}/", {"is_superuser": True})
    user.refresh_from_db()
    assert not user.is_superuser


def test_service_user_of_a_key_is_no_person(administrator):
    service = ServiceUser.objects.get(pk=key()[0].user_id)
    assert administrator.post(f"people/{service.pk}/reopen/").status_code == 404
    assert administrator.put(f"people/{service.pk}/roles/", {"roles": ["sales"]}).status_code == 404
    assert administrator.get("people/", closed="true").json()["results"] == []


def test_people_are_looked_after_by_administrators_alone():
    user = person("sales")
    path = f"people/{user.pk}/"
    others = [Caller(user=person(role)) for role in ("auditor", "credit_analyst", "finance")]
    for other in (*others, caller(*Scope.values)):
        assert other.post("people/", NEW).status_code == 403
        assert other.send("patch", path, {"full_name": "x"}).status_code == 403
        assert other.put(f"{path}roles/", {"roles": ["finance"]}).status_code == 403
        assert other.post(f"{path}close/").status_code == 403
        assert other.post("departments/", {"code": "x", "name_en": "x"}).status_code == 403
    assert others[0].get(path).json()["roles"] == ["sales"]


def test_roles_say_what_they_allow():
    told = Caller(user=person("auditor")).get("roles/").json()["results"]
    [sales] = [one for one in told if one["code"] == "sales"]
    assert "orders.submit_order" in sales["permissions"]
    assert Caller(user=person("sales")).get("roles/").status_code == 403


def test_department_is_entered_renamed_and_removed(administrator):
    made = administrator.post("departments/", {"code": "quality", "name_en": "Quality"})
    path = f"departments/{made.json()['id']}/"
    told = administrator.send("patch", path, {"name_zh_hant": "品質部", "code": "other"}).json()
    assert (told["code"], told["name_zh_hant"]) == ("quality", "品質部")
    assert administrator.post(f"{path}remove/").json()["code"] == "quality"
    person(department=department("finance"))
    used = administrator.post(f"departments/{department('finance').pk}/remove/")
    assert (used.status_code, used.json()["code"]) == (409, "in_use")
    changes = Entry.objects.filter(action__startswith="department.")
    assert changes.count() == 3
