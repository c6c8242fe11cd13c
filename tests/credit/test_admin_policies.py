import re

import pytest
from django.test import Client
from django.urls import reverse

from credit.content import default_content
from credit.editing.version import fields_of
from credit.enums import PolicyScope, VersionState
from credit.governing import candidates, governing
from credit.lifecycle import policies as verbs
from credit.models import Policy, PolicyVersion
from journal.models import Entry
from tests.factories import credit, policies
from tests.factories.moments import NOW
from tests.factories.staff import person
from tests.orders.pages import as_role, words

pytestmark = pytest.mark.django_db
WRITERS = ["administrator", "credit_analyst"]
READERS = ["finance", "auditor"]


def standard():
    return policies.standard().policy


def draft(policy=None, note="calmer", **values):
    return verbs.draft_version(
        policy_id=(policy or standard()).pk,
        content=policies.changed("overdue", **({"days": 7} | values)),
        note=note,
        by=person("administrator"),
        at=NOW,
    )


def url(name, *args):
    return reverse(f"admin:credit_policy_{name}", args=args)


def page_urls(version):
    pk = version.policy_id
    return {
        "list": url("changelist"),
        "change": url("change", pk),
        "version": url("version", pk, version.pk),
        "why": url("why") + "?q=c",
        "draft": url("draft", pk),
        "publish": url("publish", pk, version.pk),
    }


@pytest.mark.parametrize("role", WRITERS)
def test_writers_open_every_page(role):
    client, version = as_role(role), draft()
    found = {name: client.get(u).status_code for name, u in page_urls(version).items()}
    assert set(found.values()) == {200}


@pytest.mark.parametrize("role", READERS)
def test_readers_open_what_changes_nothing(role):
    client, version = as_role(role), draft()
    found = {name: client.get(u).status_code for name, u in page_urls(version).items()}
    assert found == dict.fromkeys(("list", "change", "version", "why"), 200) | dict.fromkeys(
        ("draft", "publish"), 403
    )
    assert "Change the draft" not in words(client.get(page_urls(version)["version"]))


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("wish", ["shadow", "discard", "retire"])
def test_readers_move_nothing(role, wish):
    version = draft()
    answer = as_role(role).post(url("move", version.policy_id, version.pk), {"do": wish})
    assert answer.status_code == 403
    assert PolicyVersion.objects.get(pk=version.pk).state == "draft"


@pytest.mark.parametrize("role", ["sales_manager", "approver_1", "sales", "warehouse"])
def test_people_without_the_back_office_stay_outside(role):
    client, version = as_role(role), draft()
    assert {client.get(u).status_code for u in page_urls(version).values()} == {403}


def posted(content=None, **values):
    data = fields_of(content or policies.standard().content)
    for name, value in values.items():
        data[name.replace("__", "-")] = value
    return data


def send(client, path, data):
    return client.post(path, data.urlencode(), content_type="application/x-www-form-urlencoded")


def test_draft_page_writes_a_new_version():
    client = as_role("credit_analyst")
    data = posted(note="one week", check__overdue__days="7", do="save")
    answer = send(client, url("draft", standard().pk), data)
    made = PolicyVersion.objects.get(state="draft")
    assert answer.url == url("version", made.policy_id, made.pk)
    assert (made.note, made.number) == ("one week", 2)
    assert "Overdue receivables: tolerated days 0 → 7" in words(client.get(answer.url))


def test_draft_page_changes_the_draft_there_is():
    client, made = as_role("administrator"), draft()
    page = words(client.get(url("draft", made.policy_id)))
    seen = re.search('name="seen" value="(\\w+)"', page)[1]
    data = posted(made.content, note="still calmer", seen=seen, check__overdue__days="9")
    assert send(client, url("draft", made.policy_id), data).status_code == 302
    made.refresh_from_db()
    assert made.note == "still calmer"
    assert made.content["checks"][6]["days"] == 9


def test_draft_page_says_when_somebody_was_faster():
    client, made = as_role("administrator"), draft()
    answer = send(client, url("draft", made.policy_id), posted(note="mine", seen="old"))
    assert answer.status_code == 409
    assert "Somebody changed this draft meanwhile" in words(answer)
    made.refresh_from_db()
    assert made.note == "calmer"


def test_draft_page_keeps_what_was_typed_beside_its_faults():
    data = posted(check__overdue__days="many", check__limit__percent="55")
    answer = send(as_role("administrator"), url("draft", standard().pk), data)
    text = words(answer)
    assert answer.status_code == 422
    assert 'value="many"' in text and 'value="55"' in text
    assert 'href="#id_check-overdue-days"' in text


def test_draft_page_adds_a_comparison_without_saving():
    client = as_role("administrator")
    data = posted(do="add-rule")
    first = words(send(client, url("draft", standard().pk), data))
    assert 'id="rule-0"' in first and "Not saved yet" not in first
    data = posted(do="show", rules="0")
    data["rule-0-rows"], data["rule-0-0-what"] = "0", "order.total|more_than|"
    second = words(send(client, url("draft", standard().pk), data))
    assert 'name="rule-0-0-unit"' in second
    assert not PolicyVersion.objects.filter(state="draft").exists()


def test_draft_page_begins_like_the_version_that_is_named():
    old = policies.standard()
    policies.set_check("overdue", days=44)
    address = url("draft", old.policy_id)
    client = as_role("administrator")
    assert 'value="44"' in words(client.get(address))
    assert 'value="44"' not in words(client.get(f"{address}?from={old.pk}"))
    assert client.get(f"{address}?from=0").status_code == 404


def test_a_policy_without_a_version_begins_as_the_standard():
    policies.set_check("overdue", days=44)
    made = Policy.objects.create(code="b", scope="risk_class", risk_class="B", name_en="B")
    assert 'value="44"' in words(as_role("administrator").get(url("draft", made.pk)))


def test_publish_page_shows_the_difference_and_publishes():
    client, made = as_role("administrator"), draft()
    address = url("publish", made.policy_id, made.pk)
    text = words(client.get(address))
    assert "Overdue receivables: tolerated days 0 → 7" in text
    seen = re.search('name="seen" value="(\\w+)"', text)[1]
    client.post(address, {"seen": seen})
    assert policies.standard().pk == made.pk


def test_publish_page_publishes_nothing_that_was_not_seen():
    client, made = as_role("administrator"), draft()
    answer = client.post(url("publish", made.policy_id, made.pk), {"seen": "other"}, follow=True)
    assert "changed meanwhile" in words(answer)
    assert policies.standard().number == 1


def test_publish_page_wants_a_reason():
    client, made = as_role("administrator"), draft(note="")
    text = words(client.get(url("publish", made.policy_id, made.pk)))
    assert "why the policy changes" in text and "Write the reason" in text


@pytest.mark.parametrize(
    ("wish", "state"), [("shadow", "shadow"), ("discard", None), ("retire", "draft")]
)
def test_move_page_does_what_its_buttons_say(wish, state):
    client, made = as_role("administrator"), draft()
    answer = client.post(url("move", made.policy_id, made.pk), {"do": wish}, follow=True)
    assert answer.status_code == 200
    assert PolicyVersion.objects.filter(pk=made.pk).values_list("state", flat=True).first() == state


def test_move_page_takes_posted_wishes_only():
    client, made = as_role("administrator"), draft()
    address = url("move", made.policy_id, made.pk)
    assert client.get(address).status_code == 405
    assert client.post(address, {"do": "bless"}).status_code == 404


def test_pages_of_a_version_of_another_policy_are_not_found():
    made = draft()
    other = Policy.objects.create(code="b", scope="risk_class", risk_class="B", name_en="B")
    answer = as_role("administrator").get(url("version", other.pk, made.pk))
    assert answer.status_code == 404


def added(client, **values):
    data = {"code": "own", "name_en": "Own", "scope": "all", "risk_class": ""} | values
    return client.post(url("add"), data)


def test_add_page_makes_a_policy_and_journals_it():
    client, customer = as_role("credit_analyst"), credit.customer()
    other = credit.customer()
    added(client, scope="segment", segment=customer.segment_id, excluded=[other.pk])
    made = Policy.objects.get(code="own")
    assert list(made.excluded.all()) == [other]
    entry = Entry.objects.about(made).get()
    assert entry.action == "credit.policy_changed"
    assert entry.data["after"]["excluded"] == [other.pk]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"scope": "all"}, "There is a policy for these customers already"),
        ({"scope": "segment"}, "Name the segment, the risk class or the customer"),
        ({"scope": "risk_class"}, "Name the segment, the risk class or the customer"),
        ({"scope": "customer"}, "Name the segment, the risk class or the customer"),
        ({"scope": "all", "risk_class": "A"}, "Name the segment, the risk class or the customer"),
        ({"scope": "risk_class", "risk_class": "A", "code": "standard"}, "already exists"),
        ({"scope": "risk_class", "risk_class": "A", "name_en": ""}, "This field is required"),
        ({"scope": "world"}, "Select a valid choice"),
    ],
)
def test_add_page_refuses_a_scope_that_is_not_whole(values, problem):
    answer = added(as_role("administrator"), **values)
    assert answer.status_code == 200 and problem in words(answer)
    assert Policy.objects.count() == 1


def test_the_policy_for_all_keeps_code_and_scope():
    policy = standard()
    data = {"code": "x", "name_en": "Renamed", "scope": "risk_class", "risk_class": "A"}
    as_role("administrator").post(url("change", policy.pk), data)
    policy.refresh_from_db()
    assert (policy.code, policy.scope, policy.name_en) == ("standard", "all", "Renamed")


def test_policies_are_never_deleted():
    address = url("delete", standard().pk)
    assert as_role("administrator").post(address, {"post": "yes"}).status_code == 403


def test_change_page_tells_the_history_with_its_differences():
    made = draft()
    text = words(as_role("auditor").get(url("change", made.policy_id)))
    assert "tolerated days 0 → 7" in text and "calmer" in text


def test_list_costs_the_same_at_many_policies(django_assert_max_num_queries):
    client = as_role("administrator")
    for risk in "ABC":
        made = Policy.objects.create(
            code=risk.lower(), scope="risk_class", risk_class=risk, name_en=risk
        )
        policies.publish(default_content(), policy=made)
    with django_assert_max_num_queries(9):
        assert client.get(url("changelist")).status_code == 200


def test_why_says_why_each_policy_applies_or_does_not():
    customer = credit.customer(risk_class="B")
    narrow = Policy.objects.create(
        code="c", scope=PolicyScope.CUSTOMER, customer=customer, name_en="Own"
    )
    risky = Policy.objects.create(code="b", scope="risk_class", risk_class="B", name_en="Risky")
    risky.excluded.add(customer)
    policies.publish(default_content(), policy=risky)
    segment = Policy.objects.create(
        code="s", scope=PolicyScope.SEGMENT, segment=customer.segment, name_en="Segment"
    )
    version = policies.publish(default_content(), policy=segment)
    assert [(each.policy, each.why) for each in candidates(customer)] == [
        (narrow, "Does not apply: none of its versions is published."),
        (risky, "Does not apply: this customer is excluded from it."),
        (segment, "Governs, with version 1."),
        (standard(), "Does not apply: a narrower policy governs."),
    ]
    assert governing(customer.pk).version_id == version.pk


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("C-WHY", "Governs, with version 1."),
        ("c-why", "Governs, with version 1."),
        ("Harbour", "Harbour East"),
        ("nobody", "No customer matches"),
        ("\x00", "Customer code or name"),
    ],
)
def test_why_page_finds_customers_by_code_or_name(query, told):
    credit.customer(code="C-WHY", name="Harbour West")
    credit.customer(name="Harbour East")
    answer = as_role("auditor").get(url("why"), {"q": query})
    assert told in words(answer)


@pytest.mark.parametrize(
    ("role", "sees"), [("finance", True), ("sales_manager", True), ("customer_service", False)]
)
def test_customer_page_says_why_to_those_who_may_know(role, sees):
    account = credit.account()
    text = words(as_role(role).get(f"/customers/{account.customer_id}/"))
    assert ("Why this policy?" in text) is sees


def test_anonymous_people_are_sent_to_sign_in():
    assert Client().get(url("changelist")).status_code == 302


def test_shadow_versions_are_published_with_the_reason_they_have():
    made = draft()
    client = as_role("administrator")
    client.post(url("move", made.policy_id, made.pk), {"do": "shadow"})
    text = words(client.get(url("publish", made.policy_id, made.pk)))
    seen = re.search('name="seen" value="(\\w+)"', text)[1]
    client.post(url("publish", made.policy_id, made.pk), {"seen": seen})
    made.refresh_from_db()
    assert made.state == VersionState.PUBLISHED
