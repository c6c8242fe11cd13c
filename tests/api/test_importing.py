import pytest

from orders.imports.enums import RunState
from orders.models import ImportRun
from tests.factories import imports
from tests.factories.api import Caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
BAD = imports.FILES | {"lines": imports.LINES.replace("A-2,P2,10", "A-2,P9,10")}


@pytest.fixture
def handed(monkeypatch):
    found = []
    monkeypatch.setattr("orders.api.imports.carry_out_import.delay", found.append)
    return found


def test_good_rows_are_written_and_bad_ones_read_back(handed, django_capture_on_commit_callbacks):
    by = imports.importer()
    run, caller = imports.checked(BAD, by), Caller(user=by)
    told = caller.get(f"imports/{run.pk}/").json()
    file = next(file for file in told["files"] if file["kind"] == "lines")
    assert (told["state"], file["bad_rows"]) == ("refused", True)
    assert [row["values"]["product"] for row in file["first_rows"]] == ["P1", "P9"]
    bad = caller.get(f"import-files/{file['id']}/bad-rows/").getvalue()
    assert b"A-2" in bad
    assert b"A-1" not in bad
    path = f"imports/{run.pk}/write/"
    assert caller.post(path).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        started = caller.post(path, {"good_rows": True})
    assert (started.status_code, started.json()["good_rows"], handed) == (202, True, [run.pk])


def test_import_is_stopped_and_resumed(handed, django_capture_on_commit_callbacks):
    by = imports.importer()
    run, caller = imports.checked({"customers": imports.CUSTOMERS}, by), Caller(user=by)
    path = f"imports/{run.pk}/"
    assert caller.post(f"{path}stop/").status_code == 422
    ImportRun.objects.update(state=RunState.WRITING, taken_at=run.created_at)
    with django_capture_on_commit_callbacks(execute=True):
        assert caller.post(f"{path}resume/").status_code == 202
    assert handed == [run.pk]
    assert caller.post(f"{path}stop/").json()["state"] == "stopped"
    assert caller.post(f"{path}resume/").status_code == 422


def test_whoever_may_import_work_reaches_imports_too():
    run = imports.checked(BAD, imports.importer())
    warehouse = Caller(user=person("warehouse"))
    assert [one["id"] for one in warehouse.get("imports/").json()["results"]] == [run.pk]
    file = run.files.exclude(rejected="").first()
    assert warehouse.get(f"import-files/{file.pk}/bad-rows/").getvalue().startswith(b"\xef")
    assert warehouse.post(f"imports/{run.pk}/write/", {"good_rows": True}).status_code == 422
    assert Caller(user=person("sales")).get(f"import-files/{file.pk}/bad-rows/").status_code == 403
