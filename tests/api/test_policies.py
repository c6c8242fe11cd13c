import pytest

from credit.models import Policy
from journal.models import Entry
from staff.api.scopes import Scope
from tests.factories import credit
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
RISKY = {"code": "risky", "name_en": "Risky", "scope": "risk_class", "risk_class": "D"}


@pytest.fixture
def analyst():
    return Caller(user=person("credit_analyst"))


def everybodys():
    return Policy.objects.get(scope="all")


def test_policy_is_entered_for_some_and_changed(analyst):
    customer = credit.account("1.00").customer
    made = analyst.post("policies/", RISKY | {"excluded": [customer.code]})
    assert (made.status_code, made.json()["excluded"]) == (201, [customer.code])
    path = f"policies/{made.json()['id']}/"
    told = analyst.send("patch", path, {"risk_class": "E", "code": "x", "excluded": []}).json()
    assert (told["risk_class"], told["code"], told["excluded"]) == ("E", "risky", [])
    analyst.send("patch", path, {"risk_class": "E"})
    [entered, changed] = Entry.objects.filter(action="credit.policy_changed").order_by("pk")
    assert entered.data["after"]["excluded"] == [customer.pk]
    assert changed.data == {
        "before": {"risk_class": "D", "excluded": [customer.pk]},
        "after": {"risk_class": "E", "excluded": []},
    }


@pytest.mark.parametrize(
    "body",
    [
        RISKY | {"scope": "segment"},
        RISKY | {"customer": "C-none"},
        RISKY | {"code": "no such code"},
        {"code": "more", "name_en": "More", "scope": "all"},
    ],
)
def test_policy_that_cannot_be_is_refused(analyst, body):
    assert analyst.post("policies/", body).status_code == 422
    assert Policy.objects.count() == 1


def test_policy_for_everybody_is_not_narrowed(analyst):
    body = {"scope": "risk_class", "risk_class": "D"}
    refused = analyst.send("patch", f"policies/{everybodys().pk}/", body)
    assert refused.json()["code"] == "credit_refused"
    assert everybodys().risk_class == ""


def test_policy_draft_is_discarded_once(analyst):
    policy = everybodys()
    version = policy.versions.get(state="published")
    body = {"content": version.content, "note": "Try."}
    made = analyst.post(f"policies/{policy.pk}/versions/", body).json()
    path = f"policy-versions/{made['id']}/discard/"
    assert analyst.post(path).json()["state"] == "draft"
    assert analyst.post(path).status_code == 404
    kept = f"policy-versions/{version.pk}/discard/"
    assert analyst.post(kept).json()["code"] == "credit_refused"


def test_policies_are_set_by_no_key_and_no_auditor():
    policy = everybodys()
    for other in (Caller(user=person("auditor")), caller(*Scope.values)):
        assert other.post("policies/", RISKY).status_code == 403
        assert other.send("patch", f"policies/{policy.pk}/", {"name_en": "x"}).status_code == 403
        version = policy.versions.first()
        assert other.post(f"policy-versions/{version.pk}/discard/").status_code == 403
