import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from credit import lifecycle
from credit.models import Industry, Segment
from journal.models import Entry
from tests.factories import credit
from tests.factories.api import Caller, caller
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
LIMIT = {"limit_kind": "amount", "limit_amount": "80000.00", "limit_currency": "CNY"}


@pytest.fixture
def analyst():
    return Caller(user=person("credit_analyst"))


def test_segment_is_entered_and_changed_and_the_journal_says_what(analyst):
    made = analyst.post("segments/", {"code": "chain", "name_en": "Chains"})
    assert (made.status_code, made.json()["limit_kind"]) == (201, "none")
    path = f"segments/{made.json()['id']}/"
    assert analyst.send("patch", path, LIMIT).json()["limit_amount"] == "80000.00"
    latest, _first = Entry.objects.about(Segment.objects.get(code="chain"))
    assert latest.data["before"]["limit_kind"] == "none"
    refused = analyst.send("patch", path, {"limit_kind": "none"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def test_industry_is_entered_and_changed(analyst):
    body = {"code": "marine", "name_en": "Shipbuilding", "risk": "medium"}
    made = analyst.post("industries/", body)
    changed = analyst.send("patch", f"industries/{made.json()['id']}/", {"risk": "high"})
    assert (made.status_code, changed.json()["risk"]) == (201, "high")
    assert Entry.objects.about(Industry.objects.get(code="marine")).count() == 2


def test_segments_are_changed_by_nobody_who_does_not_set_limits():
    segment = credit.segment()
    for by in (person("administrator"), person("sales_manager")):
        with pytest.raises(PermissionDenied):
            lifecycle.change_segment(segment_id=segment.pk, values=LIMIT, by=by, at=NOW)
        with pytest.raises(PermissionDenied):
            lifecycle.enter_segment(values={"code": "x", "name_en": "x"}, by=by, at=NOW)
    assert caller("master").send("patch", f"segments/{segment.pk}/", LIMIT).status_code == 403
    assert Segment.objects.get(pk=segment.pk).limit_kind == segment.limit_kind
    assert not Entry.objects.about(segment).exists()


def test_industry_refuses_a_code_that_is_taken():
    values = {"code": "marine", "name_en": "Shipbuilding", "risk": "medium"}
    by = person("administrator")
    lifecycle.enter_industry(values=values, by=by, at=NOW)
    with pytest.raises(ValidationError):
        lifecycle.enter_industry(values=values, by=by, at=NOW)
    with pytest.raises(PermissionDenied):
        lifecycle.enter_industry(values=values, by=person("sales"), at=NOW)


def test_segments_of_the_back_office_go_through_the_verbs(client):
    user = person("credit_analyst")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    form = {"code": "chain", "name_en": "Chains", "limit_kind": "none"}
    assert client.post("/admin/credit/segment/add/", form).status_code == 302
    segment = Segment.objects.get(code="chain")
    changed = form | {"name_en": "Chain stores"}
    assert client.post(f"/admin/credit/segment/{segment.pk}/change/", changed).status_code == 302
    latest, first = Entry.objects.about(segment)
    assert (latest.data["after"], first.by) == ({"name_en": "Chain stores"}, user)
    industry = {"code": "marine", "name_en": "Shipbuilding", "risk": "high"}
    assert client.post("/admin/credit/industry/add/", industry).status_code == 302
    assert Entry.objects.about(Industry.objects.get(code="marine")).get().by == user
