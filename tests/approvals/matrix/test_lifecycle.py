from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from approvals.matrix import lifecycle as verbs
from approvals.matrix.enums import MatrixState
from approvals.matrix.errors import MatrixError
from approvals.matrix.governing import governing_matrix
from approvals.matrix.models import MatrixVersion
from approvals.matrix.seed import default_content, seed
from journal.models import Entry
from tests.approvals.matrix.contents import row, stage, standard, without
from tests.factories.moments import DAY, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
DECIDERS = ("approver_1", "approver_2", "credit_analyst")
OTHERS = ["credit_analyst", "finance", "approver_1", "approver_2", "sales_manager", "auditor"]


@pytest.fixture(autouse=True)
def _people():
    for role in DECIDERS:
        person(role)


def published():
    return MatrixVersion.objects.published().get()


def draft(content=None, note="more trust", by=None, at=NOW):
    content = content or standard(small={"percent": ["0", "20"]})
    return verbs.draft_version(content=content, note=note, by=by or person("administrator"), at=at)


def act(verb, version, role="administrator", **values):
    return getattr(verbs, verb)(version_id=version.pk, by=person(role), at=NOW, **values)


def publish(version, role="administrator"):
    return act("publish", version, role, overlaps_seen=True)


def moved(version):
    found = Entry.objects.about(version).order_by("pk")
    return [(e.action, e.from_state, e.to_state, e.reason) for e in found]


def test_an_installation_begins_with_a_published_version():
    made = published()
    assert (made.number, made.content, made.author) == (1, default_content(), None)
    seed()
    assert MatrixVersion.objects.count() == 1


def test_seed_leaves_a_published_version_alone():
    made = publish(draft())
    seed()
    assert published() == made


def test_draft_version_writes_the_next_number_and_routes_nothing():
    by = person("administrator")
    made = draft(by=by)
    assert (made.number, made.state, made.author) == (2, MatrixState.DRAFT, by)
    assert moved(made) == [("matrix.drafted", "", "draft", "more trust")]
    assert governing_matrix(NOW).number == 1


def test_draft_version_allows_one_draft_at_a_time():
    draft()
    with pytest.raises(MatrixError, match="a draft of the matrix already"):
        draft()


def test_draft_version_refuses_content_that_is_not_whole():
    with pytest.raises(ValidationError, match="Row 1"):
        draft({"currency": "CNY", "rows": [row("a") | {"stages": []}]})
    assert MatrixVersion.objects.count() == 1


def test_edit_draft_replaces_the_content_and_names_its_last_author():
    made, other = draft(), person("administrator")
    content = standard(small={"percent": ["0", "30"]})
    verbs.edit_draft(version_id=made.pk, content=content, note="b", by=other, at=NOW)
    made.refresh_from_db()
    assert (made.author, made.note, made.content) == (other, "b", content)
    assert moved(made)[-1] == ("matrix.drafted", "draft", "draft", "b")


def test_discard_draft_leaves_only_the_journal_entry():
    made = draft()
    act("discard_draft", made)
    assert MatrixVersion.objects.count() == 1
    last = Entry.objects.latest("pk")
    assert (last.action, last.data) == ("matrix.discarded", {"version": 2})


def test_publish_puts_a_draft_in_force_and_retires_the_last():
    old, made = published(), draft()
    publish(made)
    old.refresh_from_db()
    made.refresh_from_db()
    assert (old.state, old.retired_at) == ("retired", NOW)
    assert (made.state, made.published_at) == ("published", NOW)
    assert moved(made)[-1][:3] == ("matrix.published", "draft", "published")
    assert moved(old)[-1][:3] == ("matrix.retired", "published", "retired")


def test_governing_matrix_is_the_one_of_the_moment():
    first = publish(draft(at=NOW))
    later = draft(note="later")
    verbs.publish(version_id=later.pk, by=person("administrator"), at=NOW + DAY, overlaps_seen=True)
    assert governing_matrix(NOW + timedelta(hours=1)) == first
    assert governing_matrix(NOW + DAY) == later
    assert governing_matrix(NOW - DAY) == later


BAD = [
    (without(default_content(), "larger"), "fit no row"),
    (standard(heavy_excess={"reasons": ["blacklist"]}), "never decide"),
    (standard(larger={"stages": [stage("warehouse")]}), "fill some seats"),
    (standard(larger={"stages": [stage("approver_1", escalate="sales")]}), "fill some seats"),
    (standard(larger={"stages": [stage(999_999)]}), "fill some seats"),
]


@pytest.mark.parametrize(("content", "problem"), BAD)
def test_publish_refuses_what_leaves_somebody_without_an_answer(content, problem):
    made = draft(content)
    with pytest.raises(MatrixError, match=problem):
        publish(made)
    assert published().number == 1


def test_publish_refuses_a_person_who_left():
    gone = person("approver_1", is_active=False)
    made = draft(standard(larger={"stages": [stage(gone.pk)]}))
    with pytest.raises(MatrixError, match="fill some seats"):
        publish(made)


def test_publish_takes_a_named_person_who_may_decide():
    made = draft(standard(larger={"stages": [stage(person("approver_2").pk)]}))
    assert publish(made).state == MatrixState.PUBLISHED


def test_publish_asks_whether_overlaps_were_seen():
    made = draft()
    with pytest.raises(MatrixError, match="fit several rows"):
        act("publish", made)
    publish(made)
    last = Entry.objects.about(made).latest("pk")
    assert last.data["overlaps"] == 8


def test_publish_refuses_a_version_without_a_reason():
    with pytest.raises(MatrixError, match="why the matrix changes"):
        publish(draft(note="  "))


@pytest.mark.parametrize("verb", ["publish", "discard_draft"])
def test_verbs_refuse_what_is_no_draft(verb):
    for version in (published(), publish(draft())):
        before = moved(version)
        with pytest.raises(MatrixError):
            act(verb, version)
        assert moved(version) == before


def test_edit_draft_refuses_what_is_no_draft():
    with pytest.raises(MatrixError, match="Only a draft"):
        verbs.edit_draft(
            version_id=published().pk,
            content=standard(),
            note="x",
            by=person("administrator"),
            at=NOW,
        )


@pytest.mark.parametrize("role", OTHERS)
def test_verbs_are_closed_to_everybody_but_administrators(role):
    made, by = draft(), person(role)
    with pytest.raises(PermissionDenied):
        publish(made, role)
    with pytest.raises(PermissionDenied):
        act("discard_draft", made, role)
    with pytest.raises(PermissionDenied):
        verbs.edit_draft(version_id=made.pk, content=standard(), note="x", by=by, at=NOW)
    act("discard_draft", made)
    with pytest.raises(PermissionDenied):
        draft(by=by)


@pytest.mark.parametrize("role", DECIDERS)
def test_whoever_decides_does_not_write_the_matrix(role):
    holder = person(role)
    assert holder.has_perm("approvals.decide")
    assert not holder.has_perm("approvals.change_matrix")
    assert not person("administrator").has_perm("approvals.decide")


def test_publish_is_undone_when_the_journal_cannot_be_written(monkeypatch):
    made = draft()

    def fail(**_what):
        raise RuntimeError("no journal")

    monkeypatch.setattr(verbs, "record", fail)
    with pytest.raises(RuntimeError):
        publish(made)
    assert published().number == 1


STATEMENTS = [
    "UPDATE approvals_matrixversion SET content = '{}' WHERE id = %s",
    "UPDATE approvals_matrixversion SET note = 'other' WHERE id = %s",
    "UPDATE approvals_matrixversion SET number = 9 WHERE id = %s",
    "UPDATE approvals_matrixversion SET published_at = now() + '1 day' WHERE id = %s",
    "UPDATE approvals_matrixversion SET author_id = (SELECT min(id) FROM staff_user) WHERE id = %s",
    "UPDATE approvals_matrixversion SET state = 'draft', published_at = NULL, retired_at = NULL"
    " WHERE id = %s",
    "DELETE FROM approvals_matrixversion WHERE id = %s",
]


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("state", ["published", "retired"])
def test_database_keeps_a_version_that_left_the_draft(statement, state):
    publish(draft())
    version = MatrixVersion.objects.get(state=state)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [version.pk])
    assert MatrixVersion.objects.get(pk=version.pk).content == version.content


WRONG = [
    "UPDATE approvals_matrixversion SET state = 'retired', retired_at = now(),"
    " published_at = now() WHERE state = 'draft'",
    "UPDATE approvals_matrixversion SET state = 'published', published_at = now()"
    " WHERE state = 'draft'",
    "UPDATE approvals_matrixversion SET state = 'retired' WHERE state = 'published'",
]


@pytest.mark.parametrize("statement", WRONG)
def test_database_knows_the_way_of_a_version(statement):
    draft()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
