import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from credit.content import default_content
from credit.enums import PolicyScope, VersionState
from credit.errors import CreditError
from credit.governing import governing
from credit.lifecycle import policies as verbs
from credit.models import Policy, PolicyVersion
from journal.models import Entry
from tests.factories import credit, policies
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
LOOKERS = ["finance", "sales_manager", "approver_1", "approver_2", "auditor"]


def content(**values):
    return policies.changed("overdue", **({"days": 3} | values))


def draft(policy=None, note="fewer phone calls", by=None):
    policy = policy or policies.standard().policy
    by = by or person("administrator")
    return verbs.draft_version(policy_id=policy.pk, content=content(), note=note, by=by, at=NOW)


def own_policy(customer, **values):
    return Policy.objects.create(
        code="own", scope=PolicyScope.CUSTOMER, customer=customer, name_en="Own", **values
    )


def moved(version):
    """(action, from, to, why) of every entry about the version, oldest first."""
    found = Entry.objects.about(version).order_by("pk")
    return [(e.action, e.from_state, e.to_state, e.reason) for e in found]


def act(verb, version, role="administrator"):
    return getattr(verbs, verb)(version_id=version.pk, by=person(role), at=NOW)


def in_state(state):
    version = draft(own_policy(credit.customer()))
    PolicyVersion.objects.filter(pk=version.pk).update(state=state)
    return version


@pytest.mark.parametrize("role", ["administrator", "credit_analyst"])
def test_draft_version_writes_the_next_number_and_decides_nothing(role):
    account, by = credit.account(), person(role)
    before = governing(account.customer_id)
    made = draft(by=by)
    assert (made.number, made.state, made.author) == (2, VersionState.DRAFT, by)
    assert moved(made) == [("credit.policy_drafted", "", "draft", "fewer phone calls")]
    assert governing(account.customer_id) == before


def test_draft_version_allows_one_draft_at_a_time():
    draft()
    with pytest.raises(CreditError, match="a draft of this policy already"):
        draft()


def test_draft_version_refuses_content_that_is_not_whole():
    with pytest.raises(ValidationError, match="Overdue receivables"):
        verbs.draft_version(
            policy_id=policies.standard().policy_id,
            content=content(days=-1),
            note="",
            by=person("administrator"),
            at=NOW,
        )
    assert not PolicyVersion.objects.filter(state="draft").exists()


def test_edit_draft_replaces_the_content_and_names_its_last_author():
    made, other = draft(), person("credit_analyst")
    verbs.edit_draft(version_id=made.pk, content=content(days=9), note="b", by=other, at=NOW)
    made.refresh_from_db()
    assert (made.author, made.note, made.content) == (other, "b", content(days=9))
    assert moved(made)[-1] == ("credit.policy_drafted", "draft", "draft", "b")


def test_discard_draft_leaves_only_the_journal_entry():
    made = draft()
    act("discard_draft", made)
    assert not PolicyVersion.objects.filter(pk=made.pk).exists()
    last = Entry.objects.about(made.policy).latest("pk")
    assert (last.action, last.from_state, last.data) == (
        "credit.policy_retired",
        "draft",
        {"version": 2},
    )


def test_shadow_puts_a_draft_beside_the_version_in_force():
    account, made = credit.account(), draft()
    act("shadow", made)
    found = governing(account.customer_id)
    assert (found.shadow_id, found.version_id) == (made.pk, policies.standard().pk)
    assert moved(made)[-1][:3] == ("credit.policy_shadowed", "draft", "shadow")


def test_shadow_retires_the_one_that_was_there():
    first = draft()
    act("shadow", first)
    act("shadow", draft())
    first.refresh_from_db()
    assert (first.state, first.retired_at) == ("retired", NOW)


@pytest.mark.parametrize("through", ["draft", "shadow"])
def test_publish_puts_a_version_in_force_and_retires_the_last(through):
    account, old, made = credit.account(), policies.standard(), draft()
    if through == "shadow":
        act("shadow", made)
    act("publish", made)
    old.refresh_from_db()
    made.refresh_from_db()
    assert (old.state, made.state, made.published_at) == ("retired", "published", NOW)
    assert governing(account.customer_id).content["checks"][6]["days"] == 3
    assert moved(made)[-1] == (
        "credit.policy_published",
        through,
        "published",
        "fewer phone calls",
    )


def test_retire_lets_a_wider_policy_govern():
    account = credit.account()
    made = draft(own_policy(account.customer))
    act("publish", made)
    assert governing(account.customer_id).version_id == made.pk
    act("retire", made)
    assert governing(account.customer_id).version_id == policies.standard().pk
    assert moved(made)[-1][:3] == ("credit.policy_retired", "published", "retired")


def test_retire_keeps_the_policy_for_all_customers():
    with pytest.raises(CreditError, match="for all customers stays"):
        act("retire", policies.standard())


@pytest.mark.parametrize("verb", ["shadow", "publish"])
def test_versions_without_a_reason_stay_drafts(verb):
    made = draft(note="  ")
    with pytest.raises(CreditError, match="why the policy changes"):
        act(verb, made)
    made.refresh_from_db()
    assert made.state == "draft"


REFUSED = [
    ("discard_draft", "shadow"),
    ("discard_draft", "published"),
    ("discard_draft", "retired"),
    ("shadow", "shadow"),
    ("shadow", "published"),
    ("shadow", "retired"),
    ("publish", "published"),
    ("publish", "retired"),
    ("retire", "draft"),
    ("retire", "retired"),
]


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_verbs_refuse_other_states(verb, state):
    version = in_state(state)
    before = moved(version)
    with pytest.raises(CreditError):
        act(verb, version)
    assert PolicyVersion.objects.get(pk=version.pk).state == state
    assert moved(version) == before


@pytest.mark.parametrize("state", ["shadow", "published", "retired"])
def test_edit_draft_refuses_what_is_no_draft(state):
    version = in_state(state)
    with pytest.raises(CreditError, match="Only a draft"):
        verbs.edit_draft(
            version_id=version.pk,
            content=default_content(),
            note="x",
            by=person("administrator"),
            at=NOW,
        )


@pytest.mark.parametrize("role", LOOKERS)
@pytest.mark.parametrize("verb", ["discard_draft", "shadow", "publish", "retire"])
def test_verbs_are_closed_to_those_who_only_look(verb, role):
    version = draft()
    with pytest.raises(PermissionDenied):
        act(verb, version, role)
    assert PolicyVersion.objects.get(pk=version.pk).state == "draft"


@pytest.mark.parametrize("role", LOOKERS)
def test_writing_is_closed_to_those_who_only_look(role):
    with pytest.raises(PermissionDenied):
        draft(by=person(role))
    made = draft()
    with pytest.raises(PermissionDenied):
        verbs.edit_draft(version_id=made.pk, content=content(), note="x", by=person(role), at=NOW)


@pytest.mark.parametrize("verb", ["shadow", "publish", "discard_draft"])
def test_verbs_are_undone_when_the_journal_cannot_be_written(verb, monkeypatch):
    version = draft()

    def fail(**_what):
        raise RuntimeError("no journal")

    monkeypatch.setattr(verbs, "record", fail)
    with pytest.raises(RuntimeError):
        act(verb, version)
    assert PolicyVersion.objects.get(pk=version.pk).state == "draft"
    assert policies.standard().number == 1


@pytest.mark.parametrize("state", ["shadow", "published", "retired"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credit_policyversion SET content = '{}' WHERE id = %s",
        "UPDATE credit_policyversion SET note = 'other' WHERE id = %s",
        "UPDATE credit_policyversion SET number = 9 WHERE id = %s",
        "DELETE FROM credit_policyversion WHERE id = %s",
    ],
)
def test_database_keeps_a_version_that_left_the_draft(statement, state):
    version = in_state(state)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [version.pk])
    assert PolicyVersion.objects.get(pk=version.pk).content == version.content
