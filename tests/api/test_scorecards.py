import pytest

from journal.models import Entry
from staff.api.scopes import Scope
from tests.factories import scoring
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
PATH = "scorecards/"


@pytest.fixture
def analyst():
    return Caller(user=person("credit_analyst"))


def draft(by):
    made = by.post(f"{PATH}{scoring.published().pk}/draft/")
    assert made.status_code == 201, made.json()
    said = made.json()
    return f"{PATH}{said['id']}/", {n: said[n] for n in ("factors", "bands", "classes")}


def test_scorecard_is_drafted_rewritten_and_published(analyst):
    path, body = draft(analyst)
    years = next(each for each in body["factors"] if each["code"] == "years")
    years["unknown_points"] = 7
    told = analyst.put(path, body | {"note": "Young customers."}).json()
    assert (told["factors"], told["lacking"]) == (body["factors"], [])
    written = Entry.objects.get(action="credit.scorecard_changed").data
    assert (len(written["saved"]), written["deleted"]) == (1, [])
    assert {"better", "worse", "classes"} == analyst.get(f"{path}preview/").json().keys()
    assert analyst.post(f"{path}publish/").json()["state"] == "published"
    assert analyst.put(path, body).json()["code"] == "credit_refused"


def test_scorecard_rewritten_as_it_was_is_not_written(analyst):
    path, body = draft(analyst)
    assert analyst.put(path, body).status_code == 200
    assert not Entry.objects.filter(action="credit.scorecard_changed").exists()


def test_scorecard_that_is_not_whole_says_what_it_lacks(analyst):
    path, body = draft(analyst)
    told = analyst.put(path, body | {"note": "Less.", "factors": body["factors"][1:]}).json()
    assert "must come to 100%" in " ".join(told["lacking"])
    assert analyst.get(f"{path}preview/").status_code == 422
    assert analyst.post(f"{path}publish/").json()["code"] == "credit_refused"


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ({"factors": [{"code": "years", "weight": 50}] * 2}, "factors.1"),
        ({"bands": [{"factor": "years", "value": "AAA", "points": 1}]}, "bands.0"),
        ({"bands": [{"factor": "years", "start": "1", "points": 101}]}, "bands.0.points"),
        ({"classes": [{"code": "A", "from_points": "1", "months": "0"}]}, "classes.0"),
    ],
)
def test_scorecard_that_cannot_be_is_refused_by_row(analyst, rows, field):
    path, body = draft(analyst)
    refused = analyst.put(path, body | rows)
    assert (refused.status_code, [*refused.json()["errors"]]) == (422, [field])


def test_scorecard_draft_is_thrown_away_once(analyst):
    path, _body = draft(analyst)
    assert analyst.post(f"{path}discard/").json()["state"] == "draft"
    assert analyst.get(path).status_code == 404
    kept = f"{PATH}{scoring.published().pk}/discard/"
    assert analyst.post(kept).json()["code"] == "credit_refused"


def test_scorecard_is_left_alone_by_auditors_and_keys(analyst):
    path, body = draft(analyst)
    for other in (Caller(user=person("auditor")), caller(*Scope.values)):
        assert other.get(path).status_code == 200
        assert other.put(path, body).status_code == 403
        for verb in ("draft", "publish", "discard"):
            assert other.post(f"{path}{verb}/").status_code == 403
