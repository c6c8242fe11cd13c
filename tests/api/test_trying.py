import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.models import MatrixVersion
from credit.models import PolicyVersion
from orders.models import BacktestRun, ImportRun
from staff.api.scopes import Scope
from tests.factories import backtests, credit, orders, policies, scoring
from tests.factories.api import Caller, caller
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db
CSV = b"Order number,Customer,Total\nA-1,C1,10.00\n"


@pytest.fixture
def administrator():
    return Caller(user=person("administrator"))


def upload(by, *files, once="up-1"):
    return by.client.post(
        "/api/v1/imports/", {"uploads": list(files)}, headers={"Idempotency-Key": once}
    )


def csv(content=CSV):
    return SimpleUploadedFile("orders.csv", content, "text/csv")


def test_files_are_uploaded_once_however_often_they_are_sent(administrator):
    made = upload(administrator, csv())
    assert (made.status_code, made.json()["state"]) == (201, "uploaded")
    assert made.json()["files"][0]["headers"] == ["Order number", "Customer", "Total"]
    again = upload(administrator, csv())
    assert (again["Idempotency-Replayed"], again.json()["id"]) == ("true", made.json()["id"])
    other = upload(administrator, csv(CSV + b"A-2,C1,1.00\n"))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert ImportRun.objects.count() == 1


def test_upload_without_files_is_refused(administrator):
    refused = upload(administrator)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["uploads"])
    assert administrator.post("imports/", {}).status_code == 415


def test_files_are_described_and_checked_by_a_worker(
    monkeypatch, django_capture_on_commit_callbacks
):
    # New orders are submitted, for which an administrator lacks the right.
    importer, handed = Caller(user=superuser()), []
    monkeypatch.setattr("orders.api.imports.carry_out_import.delay", handed.append)
    made = upload(importer, csv()).json()
    path, [file] = f"imports/{made['id']}/", made["files"]
    columns = {"number": "Order number", "customer": "Customer"}
    body = {
        "files": [{"id": file["id"], "kind": "orders", "columns": columns}],
        "options": {"history": False, "date_form": "Y-m-d"},
    }
    told = importer.post(f"{path}describe/", body).json()
    assert (told["files"][0]["kind"], told["options"]["history"]) == ("orders", False)
    assert told["files"][0]["columns"] == columns
    with django_capture_on_commit_callbacks(execute=True):
        started = importer.post(f"{path}check/")
    assert (started.status_code, started.json()["state"]) == (202, "checking")
    assert handed == [made["id"]]
    assert importer.post(f"{path}write/").status_code == 422
    assert importer.post(f"{path}discard/").status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {"options": {"colour": "red"}},
        {"options": {"date_form": "x"}},
        {"options": {"tax_percent": {"a": 1}}},
        {"files": [{"id": 0}]},
    ],
)
def test_description_that_makes_no_sense_is_refused(administrator, body):
    made = upload(administrator, csv()).json()
    refused = administrator.post(f"imports/{made['id']}/describe/", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def test_imports_are_for_those_who_may(administrator):
    made = upload(administrator, csv()).json()
    assert upload(Caller(user=person("sales")), csv()).status_code == 403
    finance = Caller(user=person("finance"))
    assert finance.get(f"imports/{made['id']}/").status_code == 200
    assert finance.post(f"imports/{made['id']}/check/").status_code == 422
    assert ImportRun.objects.get().state == "uploaded"


def test_backtest_is_asked_for_and_cancelled(administrator, monkeypatch):
    monkeypatch.setattr("orders.api.backtests.carry_out_backtest.delay", lambda _run: None)
    version = PolicyVersion.objects.filter(state="published").first()
    body = {"version": version.pk, "since": "2026-01-01", "until": "2026-02-28"}
    made = administrator.post("backtests/", body)
    assert (made.status_code, made.json()["state"]) == (202, "queued")
    path = f"backtests/{made.json()['id']}/"
    assert administrator.get(f"{path}findings/").json()["results"] == []
    assert administrator.post(f"{path}cancel/").json()["state"] == "cancelled"
    assert administrator.post(f"{path}cancel/").status_code == 422
    assert administrator.post("backtests/", body | {"until": "2025-01-01"}).status_code == 422
    assert Caller(user=person("auditor")).post("backtests/", body).status_code == 403
    assert BacktestRun.objects.count() == 1


def test_backtest_of_a_version_that_does_not_exist_is_refused(administrator):
    body = {"version": 987654321, "since": "2026-01-01", "until": "2026-02-01"}
    answer = administrator.post("backtests/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["version"])
    assert not BacktestRun.objects.exists()


def test_findings_of_a_backtest_are_read_by_reason(administrator):
    run = backtests.queued()
    told = administrator.get("backtests/").json()["results"]
    assert [one["id"] for one in told] == [run.pk]
    assert administrator.get(f"backtests/{run.pk}/", fields="state").json() == {"state": run.state}


def test_version_is_written_tried_and_published():
    analyst = Caller(user=person("credit_analyst"))
    version, account = policies.standard(), credit.account("50.00")
    body = {"content": version.content, "note": "stricter"}
    path = f"policies/{version.policy_id}/versions/"
    draft = analyst.post(path, body)
    assert (draft.status_code, draft.json()["changes"]) == (201, [])
    own = f"policy-versions/{draft.json()['id']}/"
    asked = {"customer": account.customer.code, "amount": "90.00"}
    trial = analyst.post(f"{own}test/", asked, once="").json()
    assert (trial["passes"], trial["headroom"]) == (False, "-40.00")
    assert analyst.post(f"{own}test/", {"customer": "x"}, once="").status_code == 422
    assert analyst.post(f"{own}publish/").json()["state"] == "published"
    assert analyst.post(f"{own}shadow/").json()["code"] == "credit_refused"
    assert [one["state"] for one in analyst.get(path).json()["results"]][:2] == [
        "published",
        "retired",
    ]


def test_content_that_no_policy_can_have_is_refused():
    analyst, version = Caller(user=person("credit_analyst")), policies.standard()
    for content in ({}, [], 7, {"checks": 1}, None):
        body = {"content": content, "note": "x"}
        refused = analyst.post(f"policies/{version.policy_id}/versions/", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert not PolicyVersion.objects.filter(state="draft").exists()


def test_policies_are_published_by_people_alone():
    version, system = policies.standard(), caller(*Scope.values)
    assert system.get(f"policy-versions/{version.pk}/").status_code == 200
    assert system.post(f"policy-versions/{version.pk}/retire/").status_code == 403


def test_order_is_tried_against_the_matrix():
    order, auditor = orders.failed(), Caller(user=person("auditor"))
    version = MatrixVersion.objects.published().get()
    told = auditor.get(f"matrix-versions/{version.pk}/").json()
    assert told["rows"][0]["stages"]
    way = auditor.post(f"matrix-versions/{version.pk}/test/", {"order": order.pk}, once="")
    assert (way.status_code, way.json()["blocked"], bool(way.json()["row"])) == (200, True, True)


def test_scores_and_scorecards_are_read():
    scoring.published()
    analyst = Caller(user=person("credit_analyst"))
    [card] = analyst.get("scorecards/").json()["results"]
    assert (card["state"], bool(card["bands"])) == ("published", True)
    assert analyst.get("scores/", deviation="25").json()["results"] == []


def test_approvals_in_hindsight_are_told_to_approvers():
    told = Caller(user=person("approver_1")).get("approvals-in-hindsight/").json()
    assert [line["percent"] for line in told["whole"]] == [None, None]
    assert Caller(user=person("sales")).get("approvals-in-hindsight/").status_code == 403


def test_decision_is_read_by_its_number():
    order = orders.failed()
    decision = order.decisions.get()
    told = caller(Scope.READ).get(f"decisions/{decision.pk}/").json()
    assert (told["outcome"], json.dumps(told["excess"])) == ("failed", '"40.00"')
    assert Caller(user=person("sales")).get(f"decisions/{decision.pk}/").status_code == 404
