import pytest

from journal.attachments.models import Attachment
from staff.api.scopes import Scope
from tests.factories import credit, files, limit_changes, orders
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return Caller(user=person("credit_analyst"))


def attach(by, path, file=None, once="f-1", **more):
    body = {"file": file or files.upload(), **more}
    return by.client.post(f"/api/v1/{path}", body, headers={**by.headers, "Idempotency-Key": once})


def test_file_of_an_order_is_attached_once_and_read_back(analyst):
    path = f"orders/{orders.draft(credit.account()).pk}/files/"
    made = attach(analyst, path, about="guarantee of the bank")
    assert (made.status_code, made.json()["name"]) == (201, "guarantee.pdf")
    assert made.json()["content_type"] == "application/pdf"
    assert attach(analyst, path)["Content-Type"] == "application/problem+json"
    assert [one["about"] for one in analyst.get(path).json()["results"]] == [
        "guarantee of the bank"
    ]
    content = analyst.get(f"files/{made.json()['id']}/content/")
    assert content.getvalue() == files.PDF
    assert "guarantee.pdf" in content["Content-Disposition"]


def test_file_is_refused_for_what_it_is(analyst):
    path = f"orders/{orders.draft(credit.account()).pk}/files/"
    attach(analyst, path)
    for place, file in enumerate((files.upload(), files.upload("x.exe", b"MZ"))):
        refused = attach(analyst, path, file, once=f"r-{place}")
        assert (refused.status_code, refused.json()["code"]) == (422, "file_refused")
    empty = analyst.client.post(f"/api/v1/{path}", {}, headers={"Idempotency-Key": "e"})
    assert (empty.status_code, list(empty.json()["errors"])) == (422, ["file"])
    assert Attachment.objects.count() == 1


def test_file_of_a_requested_limit_belongs_to_its_request(analyst):
    asked = limit_changes.requested(credit.account())
    path = f"approvals/{asked.pk}/files/"
    made = attach(analyst, path)
    assert (made.status_code, Attachment.objects.get().subject_id) == (201, asked.limit_change_id)
    assert [one["id"] for one in analyst.get(path).json()["results"]] == [made.json()["id"]]


def test_removed_file_stays_in_the_list(analyst):
    order = orders.draft(credit.account())
    made = files.attach(order)
    path = f"files/{made.pk}/"
    assert analyst.post(f"{path}remove/", {}).json()["code"] == "invalid"
    removed = analyst.post(f"{path}remove/", {"reason": "wrong order"}).json()
    assert removed["removed_because"] == "wrong order"
    again = analyst.post(f"{path}remove/", {"reason": "once more"})
    assert (again.status_code, again.json()["code"]) == (422, "file_refused")
    assert len(analyst.get(f"orders/{order.pk}/files/").json()["results"]) == 1


def test_files_are_kept_from_those_who_may_not():
    made = files.attach(orders.draft(credit.account()), by=person("credit_analyst"))
    reader, stranger = caller(Scope.READ), Caller(user=person("sales"))
    assert stranger.get(f"files/{made.pk}/content/").status_code == 404
    assert stranger.get(f"orders/{made.subject_id}/files/").status_code == 404
    assert reader.get(f"files/{made.pk}/").status_code == 200
    assert attach(reader, f"orders/{made.subject_id}/files/").status_code == 403
    assert reader.post(f"files/{made.pk}/remove/", {"reason": "x"}).status_code == 403


def test_removed_file_is_opened_by_readers_of_the_journal_alone(analyst):
    made = files.remove(files.attach(orders.draft(credit.account())))
    assert caller(Scope.READ).get(f"files/{made.pk}/content/").getvalue() == files.PDF
    assert Caller(user=person("warehouse")).get(f"files/{made.pk}/content/").status_code == 403


def test_files_are_listed_in_a_fixed_number_of_queries(analyst, django_assert_max_num_queries):
    order = orders.draft(credit.account())
    for number in range(4):
        files.attach(order, f"{number}.pdf", files.PDF + b"%" * number)
    with django_assert_max_num_queries(10):
        assert len(analyst.get(f"orders/{order.pk}/files/").json()["results"]) == 4
