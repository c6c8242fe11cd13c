import re

import pytest
from django.test import Client
from django.urls import reverse

from approvals.matrix import lifecycle as verbs
from approvals.matrix.editing.version import fields_of
from approvals.matrix.models import MatrixVersion
from approvals.matrix.seed import default_content
from tests.approvals.matrix.contents import standard, without
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import person
from tests.orders.pages import as_role, client_of, words

pytestmark = pytest.mark.django_db
READERS = ["credit_analyst", "finance", "auditor"]
DECIDERS = ("approver_1", "approver_2", "credit_analyst")


def draft(content=None, note="calmer"):
    content = content or standard(small={"percent": ["0", "20"]})
    return verbs.draft_version(content=content, note=note, by=person("administrator"), at=NOW)


def staffed():
    return {role: person(role, full_name=f"The {role}") for role in DECIDERS}


def url(name, *args):
    return reverse(f"admin:approvals_matrixversion_{name}", args=args)


def pages(version):
    return {
        "list": url("changelist"),
        "version": url("change", version.pk),
        "draft": url("draft"),
        "publish": url("publish", version.pk),
    }


def test_administrators_open_every_page():
    client, version = as_role("administrator"), draft()
    assert {client.get(u).status_code for u in pages(version).values()} == {200}


@pytest.mark.parametrize("role", READERS)
def test_readers_open_what_changes_nothing(role):
    client, version = as_role(role), draft()
    found = {name: client.get(u).status_code for name, u in pages(version).items()}
    assert found == {"list": 200, "version": 200, "draft": 403, "publish": 403}
    assert "Change the draft" not in words(client.get(pages(version)["version"]))
    assert client.post(url("discard", version.pk)).status_code == 403
    assert client.post(url("publish", version.pk), {"overlaps_seen": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["sales", "warehouse", "approver_1", "sales_manager"])
def test_people_without_the_back_office_stay_outside(role):
    client, version = as_role(role), draft()
    assert {client.get(u).status_code for u in pages(version).values()} == {403}


@pytest.mark.parametrize(
    ("role", "status"),
    [
        *((role, 200) for role in ("administrator", *READERS, "approver_1", "approver_2")),
        *((role, 403) for role in ("sales", "sales_manager", "warehouse", "customer_service")),
    ],
)
@pytest.mark.parametrize("name", ["matrix", "matrix_tester"])
def test_the_matrix_is_read_by_those_whom_it_concerns(role, status, name):
    client = as_role(role)
    assert client.get(reverse(f"approvals:{name}")).status_code == status
    assert ('href="/matrix/"' in words(client.get("/"))) is (status == 200)


def test_anonymous_people_are_sent_to_sign_in():
    assert Client().get("/matrix/").status_code == 302
    assert Client().get(url("changelist")).status_code == 302


def posted(content=None, **values):
    data = fields_of(content or default_content())
    for name, value in values.items():
        data[name.replace("__", "-")] = value
    return data


def send(client, path, data):
    return client.post(path, data.urlencode(), content_type="application/x-www-form-urlencoded")


def test_draft_page_writes_a_new_version():
    client = as_role("administrator")
    data = posted(note="one step more", row__2__percent_to="20", do="save")
    answer = send(client, url("draft"), data)
    made = MatrixVersion.objects.get(state="draft")
    assert answer.url == url("change", made.pk)
    assert (made.note, made.number) == ("one step more", 2)
    text = words(client.get(answer.url))
    assert "excess below 10 % of the limit → excess below 20 % of the limit" in text


def test_draft_page_changes_the_draft_there_is():
    client, made = as_role("administrator"), draft()
    seen = re.search('name="seen" value="(\\w+)"', words(client.get(url("draft"))))[1]
    data = posted(made.content, note="still calmer", seen=seen, row__2__percent_to="30")
    assert send(client, url("draft"), data).status_code == 302
    made.refresh_from_db()
    assert (made.note, made.content["rows"][2]["percent"]) == ("still calmer", ["0", "30"])


def test_draft_page_says_when_somebody_was_faster():
    client, made = as_role("administrator"), draft()
    answer = send(client, url("draft"), posted(note="mine", seen="old"))
    assert answer.status_code == 409
    assert "Somebody changed this draft meanwhile" in words(answer)
    made.refresh_from_db()
    assert made.note == "calmer"


def test_draft_page_keeps_what_was_typed_beside_its_faults():
    data = posted(row__2__percent_to="many", row__3__name_en="Anything else")
    answer = send(as_role("administrator"), url("draft"), data)
    text = words(answer)
    assert answer.status_code == 422
    assert 'value="many"' in text and 'value="Anything else"' in text
    assert 'href="#id_row-2-percent_to"' in text and "Not saved yet" in text
    assert not MatrixVersion.objects.filter(state="draft").exists()


def test_draft_page_adds_a_row_without_saving_or_blaming():
    answer = send(as_role("administrator"), url("draft"), posted(do="add-row"))
    text = words(answer)
    assert answer.status_code == 200
    assert 'id="row-7" open' in text and "Not saved yet" not in text
    assert not MatrixVersion.objects.filter(state="draft").exists()


def test_draft_page_checks_without_saving():
    data = posted(without(default_content(), "larger"), do="check")
    text = words(send(as_role("administrator"), url("draft"), data))
    assert "Cases that no row takes" in text
    assert not MatrixVersion.objects.filter(state="draft").exists()


def test_draft_page_begins_with_the_version_that_is_named():
    made = MatrixVersion.objects.get()
    client = as_role("administrator")
    assert "Larger excess" in words(client.get(f"{url('draft')}?from={made.pk}"))
    assert client.get(f"{url('draft')}?from=999999").status_code == 404


def publish(client, made, **values):
    seen = re.search('name="seen" value="(\\w+)"', words(client.get(url("publish", made.pk))))[1]
    return client.post(url("publish", made.pk), {"seen": seen} | values)


def test_publish_page_puts_a_draft_in_force_once_overlaps_were_seen():
    staffed()
    client, made = as_role("administrator"), draft()
    publish(client, made)
    assert MatrixVersion.objects.published().get().number == 1
    publish(client, made, overlaps_seen="yes")
    assert MatrixVersion.objects.published().get() == made


def test_publish_page_offers_no_button_for_a_matrix_with_gaps():
    staffed()
    client, made = as_role("administrator"), draft(without(default_content(), "larger"))
    text = words(client.get(url("publish", made.pk)))
    assert "Cases that no row takes" in text and "overlaps_seen" not in text
    publish(client, made, overlaps_seen="yes")
    assert MatrixVersion.objects.published().get().number == 1


def test_publish_page_asks_again_after_the_draft_was_changed():
    client, made = as_role("administrator"), draft()
    answer = client.post(url("publish", made.pk), {"seen": "old", "overlaps_seen": "yes"})
    assert answer.url == url("publish", made.pk)
    assert MatrixVersion.objects.published().get().number == 1


def test_publish_page_turns_away_what_is_no_draft():
    version = MatrixVersion.objects.get()
    assert as_role("administrator").get(url("publish", version.pk)).status_code == 302


def test_discard_throws_a_draft_away():
    client, made = as_role("administrator"), draft()
    assert client.get(url("discard", made.pk)).status_code == 405
    assert client.post(url("discard", made.pk)).url == url("changelist")
    assert not MatrixVersion.objects.filter(pk=made.pk).exists()


def test_discard_keeps_the_version_in_force():
    version = MatrixVersion.objects.get()
    as_role("administrator").post(url("discard", version.pk))
    assert MatrixVersion.objects.get() == version


def test_versions_that_are_not_there_are_not_found():
    client = as_role("administrator")
    assert {client.get(url("change", pk)).status_code for pk in (0, 999_999)} == {404}
    assert client.get("/admin/approvals/matrixversion/x/change/").status_code == 404


def test_list_says_what_each_version_changed():
    draft()
    text = words(as_role("auditor").get(url("changelist")))
    assert "Version 2" in text and "It is the first version." in text
    assert "excess below 20 % of the limit" in text


def ask(client, **asked):
    return client.get(reverse("approvals:matrix_tester"), asked)


def test_tester_routes_an_order_there_is_to_people_by_name():
    people = staffed()
    order = orders.failed("90000.00", limit="50.00")
    text = words(ask(client_of(people["approver_1"]), order=order.number))
    assert order.number in text and "Row 5 “Larger excess”" in text
    assert "The approver_1" in text and "The approver_2" in text
    assert "It asks for reason Blacklist" in text


def test_tester_says_when_nobody_is_asked():
    order = orders.released()
    assert "Nothing blocks it" in words(ask(as_role("finance"), order=order.number))


def test_tester_routes_an_imagined_order_by_two_versions():
    people, account = staffed(), credit.account("200000.00")
    draft()
    client, code = client_of(people["approver_2"]), account.customer.code
    asked = {"customer": code, "amount": "50000", "excess": "30000", "reasons": "limit"}
    text = words(ask(client, other="draft", **asked))
    assert "Row 5 “Larger excess”" in text and "Row 3 “Small excess”" in text


def test_tester_routes_an_imagined_limit():
    account = credit.account("1000.00")
    asked = {"customer": account.customer.code, "purpose": "limit"}
    client = as_role("finance")
    assert "Small rise of a limit" in words(ask(client, amount="1500", **asked))
    assert "Row 7 “Large rise of a limit”" in words(ask(client, **asked))


WRONG = [
    ({"customer": "nobody", "amount": "5"}, "No customer matches"),
    ({"order": "SO-0"}, "no order with this number"),
    ({"customer": "c", "amount": "much"}, "Write a figure"),
    ({"customer": "c", "amount": "5", "reasons": "mood"}, "Select a valid choice"),
    ({"customer": "c", "amount": "5", "version": "999999"}, "Select a valid choice"),
]


@pytest.mark.parametrize(("asked", "problem"), WRONG)
def test_tester_says_what_is_wrong(asked, problem):
    answer = ask(as_role("finance"), **asked)
    assert answer.status_code == 400 and problem in words(answer)


def test_tester_says_why_a_draft_order_takes_no_way():
    order = orders.draft(credit.account("50.00"))
    answer = ask(as_role("finance"), order=order.number)
    assert "has not been checked yet" in words(answer)


def test_tester_needs_an_account():
    made = credit.customer()
    assert "no credit account yet" in words(ask(as_role("finance"), customer=made.code, amount=5))


def test_tester_fills_in_what_an_address_names():
    text = words(ask(as_role("finance"), version=MatrixVersion.objects.get().pk))
    assert "selected" in text and "Why not the rows before" not in text
