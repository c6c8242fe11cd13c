from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from credit.lifecycle import policies as writing
from credit.models import PolicyVersion
from journal.models import Entry
from orders.backtest import lifecycle
from orders.backtest.lifecycle import SILENT, UNFETCHED, CannotBacktest
from orders.backtest.report import Report
from orders.models import BacktestFinding, BacktestRun
from orders.tasks import carry_out_backtest, end_silent_backtests
from tests.factories import backtests, orders, policies
from tests.factories import credit as accounts
from tests.factories.moments import DAY, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
EARLY = NOW - 10 * DAY


@pytest.fixture
def past():
    """Two orders of one customer, of which the second passes the limit of 100."""
    account = accounts.account("100.00")
    return [
        orders.submit(orders.draft(account, "90.00", at=at), at=at) for at in (EARLY, EARLY + DAY)
    ]


def lenient():
    return policies.publish(policies.changed("limit", percent="200"), state="shadow")


def test_start_keeps_what_the_version_says(past):
    run = backtests.queued()
    assert (run.name, run.state) == (str(policies.standard()), "queued")
    assert run.content == policies.standard().content


@pytest.mark.parametrize(
    "values",
    [
        {"since": date(2026, 3, 1), "until": date(2026, 2, 1)},
        {"since": date(2026, 4, 1), "until": date(2026, 4, 2)},
    ],
)
def test_start_refuses_impossible_days(values):
    with pytest.raises(CannotBacktest):
        backtests.queued(**values)
    assert not BacktestRun.objects.exists()


def test_start_refuses_a_version_beside_itself():
    with pytest.raises(CannotBacktest):
        backtests.queued(compared=policies.standard())


def test_start_needs_the_right():
    with pytest.raises(PermissionDenied):
        backtests.queued(by=person("sales_manager"))
    assert not BacktestRun.objects.exists()


def test_carry_out_keeps_what_would_have_been_held(past):
    run = backtests.done()
    (found,) = run.findings.all()
    assert (run.state, run.done, run.total) == ("done", 2, 2)
    assert (found.order, found.held, found.codes) == (past[1], True, ["limit"])
    assert str(found.excess) == "80.00"
    assert found.checks[0]["figures"]["observed"] == "180.00"
    assert Entry.objects.filter(action="order.backtested", subject_id=run.pk).exists()


def test_carry_out_sums_up(past):
    summary = backtests.done().summary
    (version,) = summary["versions"]
    assert summary["cases"] == {
        "count": 2,
        "customers": 1,
        "value": {"CNY": "180.00"},
        "days_late": 0,
    }
    assert [(row["code"], row["count"]) for row in version["reasons"]] == [("limit", 1)]
    assert version["then"]["held"]["not_due"]["count"] == 1
    assert version["then"]["passed"]["not_due"]["value"] == {"CNY": "90.00"}
    assert summary["differences"] is None


def test_carry_out_says_what_came_of_orders(past):
    orders.pay(past[0], at=NOW - DAY)
    orders.reject(past[1], at=NOW)
    (version,) = backtests.done(at=NOW + 60 * DAY).summary["versions"]
    assert list(version["then"]["passed"]) == ["on_time"]
    assert list(version["then"]["held"]) == ["cancelled"]


def test_carry_out_counts_days_late(past):
    (version,) = backtests.done(at=NOW + 60 * DAY).summary["versions"]
    late = (NOW + 60 * DAY - (EARLY + 30 * DAY)).days
    assert version["then"]["passed"]["never"]["days_late"] == late


def test_carry_out_compares_two_versions(past):
    run = backtests.done(compared=lenient())
    (found,) = run.findings.all()
    assert (found.held, found.compared_held, found.compared_codes) == (True, False, [])
    differences = run.summary["differences"]
    assert differences["only_first"]["count"] == 1
    assert (differences["both"]["count"], differences["only_second"]["count"]) == (0, 0)


def test_carry_out_judges_by_a_draft_that_is_gone(past):
    analyst = person("credit_analyst")
    draft = writing.draft_version(
        policy_id=policies.standard().policy_id,
        content=policies.changed("limit", percent="50"),
        note="",
        by=analyst,
        at=NOW,
    )
    run = backtests.queued(draft, by=analyst)
    writing.discard_draft(version_id=draft.pk, by=analyst, at=NOW)
    run = lifecycle.carry_out(run_id=run.pk, now=lambda: NOW)
    assert (run.findings.count(), run.version) == (2, None)
    assert not PolicyVersion.objects.filter(pk=draft.pk).exists()


def test_carry_out_does_nothing_twice(past):
    run = backtests.done()
    again = lifecycle.carry_out(run_id=run.pk, now=lambda: NOW + DAY)
    assert (again.ended_at, again.findings.count()) == (run.ended_at, 1)


def test_carry_out_that_breaks_says_why_and_keeps_nothing(past, monkeypatch):
    monkeypatch.setattr(lifecycle, "BATCH", 1)
    judged = lifecycle.judged

    def breaking(*args):
        yield from judged(*args)
        raise ValueError("the past is gone\nand more")

    monkeypatch.setattr(lifecycle, "judged", breaking)
    run = backtests.done()
    assert (run.state, run.error) == ("failed", "the past is gone")
    assert run.ended_at
    assert not BacktestFinding.objects.exists()


def test_end_silent_gives_up_a_run_whose_worker_died(past):
    run = backtests.queued()
    BacktestRun.objects.update(state="running", heard_at=NOW)
    assert lifecycle.end_silent(at=NOW + SILENT - timedelta(seconds=1)) == 0
    assert lifecycle.end_silent(at=NOW + SILENT + timedelta(seconds=1)) == 1
    run.refresh_from_db()
    assert (run.state, bool(run.error)) == ("failed", True)


def test_end_silent_gives_up_a_run_that_nobody_fetched():
    backtests.queued()
    assert lifecycle.end_silent(at=NOW + UNFETCHED - DAY / 2) == 0
    assert lifecycle.end_silent(at=NOW + UNFETCHED + DAY / 2) == 1


def test_carry_out_stops_once_it_was_given_up(past, monkeypatch):
    monkeypatch.setattr(lifecycle, "BATCH", 1)
    run = backtests.queued()
    times = iter([NOW, NOW])

    def now():
        found = next(times, None)
        if found is None:
            lifecycle.end_silent(at=NOW + DAY)
        return found or NOW

    run = lifecycle.carry_out(run_id=run.pk, now=now)
    assert run.state == "failed"
    assert not run.findings.exists()


def test_tasks_carry_out_and_give_up(past):
    run = backtests.queued()
    carry_out_backtest(run.pk)
    run.refresh_from_db()
    assert run.state == "done"
    backtests.queued()
    BacktestRun.objects.filter(state="queued").update(heard_at=timezone.now() - timedelta(days=2))
    end_silent_backtests()
    assert set(BacktestRun.objects.values_list("state", flat=True)) == {"done", "failed"}


def test_cancel_ends_a_waiting_run_for_good(past):
    by = person("credit_analyst")
    run = backtests.queued(by=by)
    lifecycle.cancel(run_id=run.pk, by=by, at=NOW)
    run = lifecycle.carry_out(run_id=run.pk, now=lambda: NOW + DAY)
    assert (run.state, run.ended_at, run.summary) == ("cancelled", NOW, {})
    entry = Entry.objects.get(action="order.backtest_cancelled")
    assert (entry.subject_id, entry.by, entry.from_state) == (run.pk, by, "queued")


def test_cancel_of_a_running_one_is_heard_by_its_worker(past, monkeypatch):
    monkeypatch.setattr(lifecycle, "BATCH", 1)
    by, told = person("credit_analyst"), []
    run = backtests.queued(by=by)

    def now():
        told.append(BacktestRun.objects.get(pk=run.pk).done)
        if len(told) == 4:
            lifecycle.cancel(run_id=run.pk, by=by, at=NOW)
        return NOW

    run = lifecycle.carry_out(run_id=run.pk, now=now)
    assert (run.state, run.done, told) == ("cancelled", 1, [0, 0, 0, 1])
    assert not run.findings.exists()


def test_cancel_is_for_whoever_asked(past):
    run = backtests.queued(by=person("credit_analyst"))
    with pytest.raises(PermissionDenied):
        lifecycle.cancel(run_id=run.pk, by=person("credit_analyst"), at=NOW)
    run.refresh_from_db()
    assert run.state == "queued"


def test_cancel_refuses_a_run_that_ended(past):
    by = person("credit_analyst")
    run = backtests.done(by=by)
    with pytest.raises(CannotBacktest, match="has ended already"):
        lifecycle.cancel(run_id=run.pk, by=by, at=NOW)
    assert run.findings.count() == 1


def test_carry_out_says_which_answers_of_rules_count_as_they_are_now(past):
    watched = {"fact": "order.customer_watch", "op": "is", "value": True}
    flagged = {"fact": "order.flagged", "op": "is", "value": True}
    rules = [policies.rule("watched", watched), policies.rule("flagged", flagged, severity="off")]
    version = policies.publish(policies.standard().content | {"rules": rules}, state="shadow")
    run = backtests.done(version)
    asked = run.summary["rules_as_now"]
    assert (asked["count"], asked["facts"]) == (2, ["order.customer_watch"])
    (label,) = Report(run).rules_as_now["labels"]
    assert label == "whether the customer is on the watch list or blacklisted"
    assert backtests.done().summary["rules_as_now"]["count"] == 0
