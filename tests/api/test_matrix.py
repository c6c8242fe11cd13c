import pytest

from approvals.matrix.models import MatrixVersion
from journal.models import Entry
from staff.api.scopes import Scope
from tests.approvals.matrix.contents import row, stage, standard
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
PATH = "matrix-versions/"


@pytest.fixture
def administrator():
    for role in ("approver_1", "approver_2", "credit_analyst"):
        person(role)
    return Caller(user=person("administrator"))


def draft(by, note="Other hours.", **content):
    return by.post(PATH, {"content": standard() | content, "note": note})


def test_matrix_is_drafted_changed_and_published(administrator):
    made = draft(administrator)
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    path = f"{PATH}{made.json()['id']}/"
    rows = [each | {"stages": [stage("approver_2")]} for each in standard()["rows"]]
    body = {"content": standard() | {"rows": rows}, "note": "Level 2 alone."}
    assert administrator.put(path, body).json()["note"] == "Level 2 alone."
    seen = administrator.post(f"{path}publish/", {"overlaps_seen": True})
    assert seen.json()["state"] == "published", seen.json()
    assert MatrixVersion.objects.published().get().pk == made.json()["id"]
    assert administrator.put(path, body).json()["code"] == "matrix_refused"


def test_matrix_draft_is_discarded_once(administrator):
    path = f"{PATH}{draft(administrator).json()['id']}/"
    assert draft(administrator).json()["code"] == "matrix_refused"
    assert administrator.post(f"{path}discard/").json()["state"] == "draft"
    assert administrator.post(f"{path}discard/").status_code == 404
    assert Entry.objects.filter(action="matrix.discarded").count() == 1


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row("a", amount=["9.00", "1.00"])],
        [row("a") | {"secret": 1}],
    ],
)
def test_matrix_that_says_nonsense_is_refused(administrator, rows):
    refused = draft(administrator, rows=rows)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid"), refused.json()


def test_matrix_without_a_word_why_is_not_published(administrator):
    path = f"{PATH}{draft(administrator, note='').json()['id']}/publish/"
    assert administrator.post(path, {"overlaps_seen": True}).status_code == 409


@pytest.mark.parametrize("seat", ["nobody", 10**30])
def test_matrix_that_asks_nobody_is_not_published(administrator, seat):
    rows = [each | {"stages": [stage(seat)]} for each in standard()["rows"]]
    path = f"{PATH}{draft(administrator, rows=rows).json()['id']}/publish/"
    refused = administrator.post(path, {"overlaps_seen": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "matrix_refused")


@pytest.mark.parametrize("verb", ["discard/", "publish/"])
def test_matrix_is_changed_by_administrators_alone(administrator, verb):
    path = f"{PATH}{draft(administrator).json()['id']}/"
    others = [Caller(user=person(role)) for role in ("auditor", "credit_analyst")]
    for other in (*others, caller(*Scope.values)):
        assert draft(other).status_code == 403
        assert other.put(path, {"content": standard()}).status_code == 403
        assert other.post(f"{path}{verb}").status_code == 403
