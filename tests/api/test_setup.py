import pytest
from django.apps import apps

from exceptions.models import SlaTarget
from journal.models import Entry
from staff.api.scopes import Scope
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return Caller(user=person("administrator"))


def data_of(action):
    return [entry.data for entry in Entry.objects.filter(action=action).order_by("pk")]


def test_cause_is_entered_and_no_longer_offered(administrator):
    body = {"code": "lost", "name_en": "Lost", "category": "fulfilment"}
    made = administrator.post("causes/", body)
    assert (made.status_code, made.json()["active"]) == (201, True)
    assert administrator.post("causes/", body).json()["errors"].keys() == {"code"}
    path = f"causes/{made.json()['id']}/"
    assert administrator.send("patch", path, {"active": False}).json()["active"] is False
    assert data_of("ticket.cause_changed")[1]["after"] == {"active": False}


def test_times_are_changed_and_told_once(administrator):
    [first, *_others] = administrator.get("times/").json()["results"]
    path, body = f"times/{first['id']}/", {"respond_minutes": 7, "resolve_minutes": 70}
    for _time in range(2):
        assert administrator.send("patch", path, body).json() == first | body
    assert len(data_of("sla.target_changed")) == 1
    refused = administrator.send("patch", path, {"resolve_minutes": 6})
    assert refused.status_code == 422
    assert SlaTarget.objects.get(pk=first["id"]).resolve_minutes == 70


def test_rule_is_renamed_without_a_new_version(administrator):
    [rule, *_others] = administrator.get("rules/").json()["results"]
    path = f"rules/{rule['id']}/"
    told = administrator.send("patch", path, {"name_en": "New name"}).json()
    assert (told["name"], told["version"]) == ("New name", rule["version"])
    assert data_of("rule.renamed")[0]["after"] == {"name_en": "New name"}


def test_word_list_is_made_and_described(administrator):
    made = administrator.post("word-lists/", {"code": "lockers", "name_en": "Lockers"})
    assert (made.status_code, made.json()["size"]) == (201, 0)
    path = f"word-lists/{made.json()['id']}/"
    told = administrator.send("patch", path, {"purpose_en": "Not left there.", "code": "x"})
    assert (told.json()["purpose"], told.json()["code"]) == ("Not left there.", "lockers")
    assert len(data_of("word_list.changed")) == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("causes/", {"code": "a", "name_en": "a", "category": "fulfilment"}),
        ("word-lists/", {"code": "a", "name_en": "a"}),
    ],
)
def test_set_up_is_not_added_to_by_others(path, body):
    for other in (Caller(user=person("auditor")), caller(*Scope.values)):
        assert other.post(path, body).status_code == 403


@pytest.mark.parametrize("path", ["causes/", "times/", "rules/", "word-lists/"])
def test_set_up_is_read_and_not_changed_by_auditors(administrator, path):
    body = {"code": "a", "name_en": "a", "category": "fulfilment"}
    administrator.post("causes/", body)
    auditor = Caller(user=person("auditor"))
    [first, *_others] = auditor.get(path).json()["results"]
    refused = auditor.send("patch", f"{path}{first['id']}/", {"name_en": "b"})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("page", "action", "values"),
    [
        (
            "exceptions/slatarget",
            "sla.target_changed",
            {"respond_minutes": "9", "resolve_minutes": "99"},
        ),
        ("exceptions/alertrule", "rule.renamed", {"name_en": "Other"}),
        ("rules/wordlist", "word_list.changed", {"name_en": "Other"}),
        ("staff/department", "department.changed", {"name_en": "Other"}),
    ],
)
def test_back_office_changes_by_the_same_verbs(administrator, page, action, values):
    model = apps.get_model(page.replace("/", "."))
    before = model.objects.first()
    address = f"/admin/{page}/{before.pk}/change/"
    answer = administrator.client.post(address, values)
    assert answer.status_code == 302
    told = data_of(action)[0]["after"]
    assert {name: str(told[name]) for name in values} == values
    assert administrator.client.get(address).status_code == 200
