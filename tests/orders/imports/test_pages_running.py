"""Pages of an import that runs, was stopped, or left bad rows out."""

import io

import pytest
from python_calamine import CalamineWorkbook

from orders.imports import progress
from orders.imports.enums import Kind, RunState
from orders.models import ImportRun
from staff.roles import Role
from tests.factories.imports import FILES, checked, described, fresh, good_rows
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
BAD = FILES | {"lines": FILES["lines"].replace("A-2,P2,10", "A-2,P9,10")}


@pytest.fixture
def signed(client, ada):
    client.force_login(ada, "django.contrib.auth.backends.ModelBackend")
    return client


def shown(client, run):
    return client.get(f"/imports/{run.pk}/").content.decode()


def body(answer):
    return b"".join(answer.streaming_content)


def test_page_offers_the_good_rows_and_the_bad_ones_as_files(signed, ada):
    run = checked(BAD, ada)
    page = shown(signed, run)
    assert "Import the 7 good rows" in page
    assert "The first rows of orders.csv, as they are understood" in page
    file = run.files.get(kind="lines")
    answer = signed.get(f"/imports/{run.pk}/bad-rows/{file.pk}/")
    assert answer["Content-Disposition"] == 'attachment; filename="lines-bad-rows.csv"'
    assert "A-2,P9,10" in body(answer).decode()


def test_bad_rows_are_for_those_who_may_see_the_import(client, ada):
    run = checked(BAD, ada)
    client.force_login(person(Role.SALES), "django.contrib.auth.backends.ModelBackend")
    file = run.files.get(kind="lines")
    assert client.get(f"/imports/{run.pk}/bad-rows/{file.pk}/").status_code == 403


def test_page_reports_what_was_left_out(signed, ada):
    page = shown(signed, good_rows(BAD, ada))
    assert "The good rows were imported, the bad ones left out." in page
    assert "1 problem, the row was left out" in page


def test_write_starts_the_good_rows(signed, ada):
    run = checked(BAD, ada)
    signed.post(f"/imports/{run.pk}/write/", {"good_rows": "yes"})
    assert (fresh(run).state, fresh(run).good_rows) == (RunState.WRITING, True)


def test_stop_takes_an_import_back_and_says_so(signed, ada):
    run = checked(FILES, ada)
    signed.post(f"/imports/{run.pk}/write/")
    signed.post(f"/imports/{run.pk}/stop/")
    assert fresh(run).state == RunState.STOPPED
    assert "The import was stopped; nothing was imported." in shown(signed, run)
    progress.forget(run.pk)


def test_page_of_a_begun_import_goes_on_but_changes_no_column(signed, ada):
    run = good_rows(BAD, ada)
    ImportRun.objects.update(state=RunState.STOPPED)
    page = shown(signed, run)
    assert "Go on importing" in page
    assert "Check again" not in page


def test_resume_hands_a_dead_import_over(signed, ada, monkeypatch):
    handed = []
    monkeypatch.setattr("orders.tasks.carry_out_import.delay", handed.append)
    run = described(FILES, ada)
    ImportRun.objects.update(state=RunState.CHECKING, taken_at=NOW)
    assert "Go on now" in shown(signed, run)
    signed.post(f"/imports/{run.pk}/resume/")
    assert fresh(run).state == RunState.CHECKING


@pytest.mark.parametrize("kind", Kind.values)
def test_sample_is_there_in_both_forms(signed, kind):
    text = body(signed.get(f"/imports/samples/{kind}/")).decode("utf-8-sig")
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(body(signed.get(f"/imports/samples/{kind}/?as=xlsx")))
    )
    assert text.splitlines()[0].split(",")[0] == book.get_sheet_by_index(0).to_python()[0][0]


def test_sample_of_no_kind_is_not_found(signed):
    assert signed.get("/imports/samples/people/").status_code == 404
