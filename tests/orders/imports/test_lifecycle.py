from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from credit.models import Customer
from journal.models import Entry
from orders import lifecycle as verbs
from orders.errors import OrderError
from orders.imports import lifecycle
from orders.imports.enums import RunState
from orders.imports.lifecycle import CannotImport
from orders.models import ImportMemory, ImportRun, Order, Payment
from tests.factories import imports
from tests.factories.imports import FILES, checked, described, fresh, imported, step, uploaded
from tests.factories.moments import NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def test_write_leaves_nothing_when_the_last_step_fails(ada):
    run = checked(FILES, ada)
    before = Entry.objects.count()
    with refuse_inserts(Payment):
        run = step(run, write=True)
    assert run.state == RunState.FAILED
    assert "stopped" in [problem.code for problem in run.read_problems]
    assert (Order.objects.count(), Customer.objects.count()) == (0, 0)
    assert Entry.objects.count() == before


def test_write_leaves_nothing_when_a_verb_refuses(ada, monkeypatch):
    def refuse(**_values):
        raise OrderError("not this one")

    run = checked(FILES, ada)
    monkeypatch.setattr(verbs, "deliver", refuse)
    run = step(run, write=True)
    assert run.state == RunState.REFUSED
    problem = run.read_problems[0]
    assert (problem.file, problem.line, problem.what) == ("orders.csv", 2, "not this one")
    assert not Order.objects.exists()


def test_write_again_skips_what_is_there(ada):
    imported(FILES, ada)
    entries = Entry.objects.filter(order_id__isnull=False).count()
    again = imported(FILES, ada)
    assert again.state == RunState.DONE
    assert not any(again.found.values())
    assert again.skipped == {
        "customers": 2,
        "products": 2,
        "orders": 2,
        "lines": 2,
        "payments": 1,
    }
    assert Entry.objects.filter(order_id__isnull=False).count() == entries


def test_write_keeps_sources_apart_by_their_prefix(ada):
    imported(FILES, ada)
    run = imported(FILES, ada, number_prefix="shop2-")
    assert run.found["orders"] == 2
    assert Order.objects.filter(external_id="shop2-A-1").exists()


def test_write_journals_the_import(ada):
    run = imported(FILES, ada)
    entry = Entry.objects.about(run).get()
    assert (entry.action, entry.by, entry.figure("found")["orders"]) == ("order.imported", ada, 2)
    assert set(Order.objects.values_list("import_run", flat=True)) == {run.pk}


def test_importer_has_no_rights_over_imported_orders_afterwards(ada):
    imported(FILES, ada)
    order = Order.objects.get(external_id="A-2")
    with pytest.raises(PermissionDenied):
        verbs.ship(order_id=order.pk, by=ada, happened_at=NOW, at=NOW)


def test_columns_and_choices_are_remembered(ada):
    odd = FILES["orders"].replace("order date", "zeit")
    columns = {"orders": {"number": "order id", "customer": "customer code",
                          "submitted_at": "zeit", "paid_at": "paid at"}}  # fmt: skip
    imported(FILES | {"orders": odd}, ada, columns=columns, time_zone="Europe/Berlin")
    again = uploaded({"orders": odd}, ada)
    file = again.files.get()
    assert (file.kind, file.columns) == ("orders", columns["orders"])
    assert (again.options.time_zone, again.options.currency) == ("Europe/Berlin", "CNY")
    assert ImportMemory.objects.count() == 5


@pytest.mark.parametrize("role", ["sales", "auditor", "supply_chain", "approver_1"])
def test_upload_needs_the_right_to_import(role):
    with pytest.raises(PermissionDenied):
        uploaded(FILES, person(role))


def test_start_happens_once(ada):
    run = described(FILES, ada)
    handed = []
    start = {"run_id": run.pk, "write": False, "by": ada, "at": NOW, "hand_over": handed.append}
    lifecycle.start(**start)
    with pytest.raises(CannotImport):
        lifecycle.start(**start)


def test_start_hands_over_after_the_commit(ada, django_capture_on_commit_callbacks):
    run = described(FILES, ada)
    handed = []
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.start(run_id=run.pk, write=False, by=ada, at=NOW, hand_over=handed.append)
        assert handed == []
    assert handed == [run.pk]


def test_start_writes_only_what_was_checked(ada):
    run = described(FILES, ada)
    with pytest.raises(CannotImport):
        step(run, write=True)


def test_start_is_for_whoever_uploaded(ada):
    run = described(FILES, ada)
    with pytest.raises(CannotImport):
        lifecycle.start(
            run_id=run.pk, write=False, by=imports.importer(), at=NOW, hand_over=lambda _pk: None
        )


def test_describe_asks_for_a_new_check(ada):
    run = checked(FILES, ada)
    assert run.state == RunState.READY
    lifecycle.describe(run_id=run.pk, readings={}, options=run.options, by=ada)
    assert fresh(run).state == RunState.UPLOADED


def test_carry_out_does_nothing_for_an_import_that_was_not_started(ada):
    run = described(FILES, ada)
    lifecycle.carry_out(run_id=run.pk, at=NOW, progress=lambda *told: None)
    assert fresh(run).state == RunState.UPLOADED


def test_upload_keeps_files_private_and_under_random_names(ada):
    run = uploaded({"orders": FILES["orders"]}, ada)
    path = Path(run.files.get().stored.path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert "orders" not in path.name


def test_discard_deletes_the_files(ada, django_capture_on_commit_callbacks):
    run = uploaded(FILES, ada)
    paths = [Path(file.stored.path) for file in run.files.all()]
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.discard(run_id=run.pk, by=ada, at=NOW)
    assert fresh(run).state == RunState.DISCARDED
    assert not any(path.exists() for path in paths)


def test_discard_is_too_late_after_the_import(ada):
    run = imported(FILES, ada)
    with pytest.raises(CannotImport):
        lifecycle.discard(run_id=run.pk, by=ada, at=NOW)


def test_delete_old_files_leaves_recent_ones(ada, django_capture_on_commit_callbacks):
    old = uploaded(FILES, ada, at=NOW - timedelta(days=8))
    recent = uploaded(FILES, ada)
    kept = Path(recent.files.first().stored.path)
    gone = Path(old.files.first().stored.path)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.delete_old_files(at=NOW)
    assert (kept.exists(), gone.exists()) == (True, False)
    assert fresh(old).state == RunState.DISCARDED


def test_resume_silent_hands_over_what_no_worker_took(ada):
    run = described(FILES, ada)
    lifecycle.start(run_id=run.pk, write=False, by=ada, at=NOW, hand_over=lambda _pk: None)
    handed = []
    lifecycle.resume_silent(at=NOW + timedelta(minutes=9), hand_over=handed.append)
    assert handed == []
    lifecycle.resume_silent(at=NOW + timedelta(minutes=11), hand_over=handed.append)
    assert handed == [run.pk]


def test_resume_silent_gives_up_what_three_workers_died_at(ada):
    run = described(FILES, ada)
    ImportRun.objects.update(state=RunState.WRITING, taken_at=NOW, attempts=2)
    assert lifecycle.resume_silent(at=NOW, hand_over=lambda _pk: None) == 1
    assert fresh(run).state == RunState.WRITING
    ImportRun.objects.update(attempts=3)
    lifecycle.resume_silent(at=NOW, hand_over=lambda _pk: None)
    assert fresh(run).state == RunState.FAILED
    assert [problem.code for problem in fresh(run).read_problems] == ["worker_died"]


def test_for_user_hides_the_imports_of_others(ada):
    run = uploaded(FILES, ada)
    assert list(ImportRun.objects.for_user(person("sales"))) == []
    assert list(ImportRun.objects.for_user(ada)) == [run]
