"""Every write verb of a backtest: ask for one, carry it out, cancel it, end a silent one."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from credit.days import company_day
from credit.models import PolicyVersion
from journal.record import record
from orders import policies
from orders.backtest.enums import BacktestState
from orders.backtest.events import count_cases
from orders.backtest.sweep import Judged, judged
from orders.backtest.tally import Tally
from orders.enums import OrderAction
from orders.errors import OrderError
from orders.models import BacktestFinding, BacktestRun
from staff.models import User

BATCH = 200
# A worker that says nothing for so long has died; a run that nobody fetches is given up later.
SILENT = timedelta(minutes=15)
UNFETCHED = timedelta(days=1)
logger = logging.getLogger(__name__)


class CannotBacktest(OrderError):
    """What was asked for makes no sense."""


class _GivenUp(Exception):
    """Somebody ended the run meanwhile."""


@transaction.atomic
def start(
    *,
    version_id: int,
    compared_id: int | None = None,
    since: date,
    until: date,
    basis: str,
    by: User | None,
    at: datetime,
    hand_over: Callable[[int], object],
) -> BacktestRun:
    """Ask for a run over the company's days `since` to `until`, handed over after the commit.

    `by` is None for whoever runs a command on the server. Raises PermissionDenied, or
    CannotBacktest for days out of order and for a version compared with itself.
    """
    if by is not None and not by.has_perm("orders.run_backtest"):
        raise PermissionDenied(_("You may not try credit policies on past orders."))
    if until < since:
        raise CannotBacktest(_("The last day is before the first. Exchange them."))
    if since > company_day(at):
        raise CannotBacktest(_("This time has not come yet. Choose days that are past."))
    if version_id == compared_id:
        raise CannotBacktest(_("Choose another version to compare with, or none."))
    versions = PolicyVersion.objects.select_related("policy")
    version = versions.get(pk=version_id)
    compared = versions.get(pk=compared_id) if compared_id else None
    run = BacktestRun.objects.create(
        version=version,
        compared=compared,
        name=str(version),
        compared_name=str(compared or ""),
        content=version.content,
        compared_content=compared.content if compared else None,
        since=since,
        until=until,
        basis=basis,
        created_by=by,
        created_at=at,
        heard_at=at,
    )
    transaction.on_commit(partial(hand_over, run.pk))
    return run


def carry_out(*, run_id: int, now: Callable[[], datetime]) -> BacktestRun:
    """Judge the cases of a waiting run, and keep what was found.

    `now` tells the time whenever the run gives a sign of life. Does nothing for a run that is not
    waiting. Whatever goes wrong is kept with the run, and no findings then.
    """
    claimed = BacktestRun.objects.filter(pk=run_id, state=BacktestState.QUEUED)
    if not claimed.update(state=BacktestState.RUNNING, heard_at=now()):
        return BacktestRun.objects.get(pk=run_id)
    run = BacktestRun.objects.get(pk=run_id)
    try:
        return _finish(run, _judge_all(run, now), now())
    except _GivenUp:
        logger.info("backtest %s was ended meanwhile", run_id)
        run.refresh_from_db()
    except Exception as error:  # whatever it is, the run must not look as if it still ran
        logger.exception("backtest %s stopped", run_id)
        text = (str(error) or repr(error)).splitlines()[0]
        claimed = BacktestRun.objects.filter(pk=run_id, state=BacktestState.RUNNING)
        claimed.update(state=BacktestState.FAILED, ended_at=now(), error=text)
        run.refresh_from_db()
    run.findings.all().delete()
    return run


@transaction.atomic
def cancel(*, run_id: int, by: User, at: datetime) -> BacktestRun:
    """Stop a run that waits or is under way; the worker hears of it at its next sign of life.

    Its findings are dropped then. Raises PermissionDenied for anybody but whoever asked for the
    run, or CannotBacktest when it has ended.
    """
    run = BacktestRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if not policies.can_cancel_backtest(by, run):
        raise PermissionDenied(_("Only the person who asked for a backtest can cancel it."))
    if not run.busy:
        raise CannotBacktest(_("This backtest has ended already."))
    was, run.state, run.ended_at = run.state, BacktestState.CANCELLED, at
    run.save(update_fields=["state", "ended_at"])
    run.findings.all().delete()
    record(
        action=OrderAction.BACKTEST_CANCELLED,
        subject=run,
        by=by,
        at=at,
        from_state=was,
        to_state=run.state,
        data={"version": run.name, "compared": run.compared_name, "cases": run.done},
    )
    return run


def end_silent(*, at: datetime) -> int:
    """End runs whose worker died and runs that no worker fetched; how many there were."""
    running = BacktestRun.objects.filter(state=BacktestState.RUNNING, heard_at__lt=at - SILENT)
    queued = BacktestRun.objects.filter(state=BacktestState.QUEUED, heard_at__lt=at - UNFETCHED)
    ended = 0
    for run in running.union(queued):
        BacktestRun.objects.filter(pk=run.pk).update(
            state=BacktestState.FAILED,
            ended_at=at,
            error=_("The worker stopped before the run was done. Ask for it again."),
        )
        run.findings.all().delete()
        ended += 1
    return ended


def _judge_all(run: BacktestRun, now: Callable[[], datetime]) -> Tally:
    contents, names = [run.content], [run.name]
    if run.compared_content is not None:
        contents.append(run.compared_content)
        names.append(run.compared_name)
    tally, found, done = Tally(names), [], 0
    _tell(run, now(), total=count_cases(run.basis, run.since, run.until))
    for each in judged(contents, run.basis, run.since, run.until, company_day(run.created_at)):
        tally.add(each)
        if any(judgement.held for judgement in each.judgements):
            found.append(_finding(run, each))
        done += 1
        if done % BATCH == 0:
            BacktestFinding.objects.bulk_create(found)
            found.clear()
            _tell(run, now(), done=done)
    BacktestFinding.objects.bulk_create(found)
    _tell(run, now(), done=done, total=done)
    return tally


def _tell(run: BacktestRun, at: datetime, **figures: int) -> None:
    """Give a sign of life. Raises _GivenUp when the run was ended meanwhile."""
    running = BacktestRun.objects.filter(pk=run.pk, state=BacktestState.RUNNING)
    if not running.update(heard_at=at, **figures):
        raise _GivenUp


@transaction.atomic
def _finish(run: BacktestRun, tally: Tally, at: datetime) -> BacktestRun:
    run.refresh_from_db()
    if run.state != BacktestState.RUNNING:
        raise _GivenUp
    run.state, run.ended_at, run.summary = BacktestState.DONE, at, tally.as_json()
    run.save(update_fields=["state", "ended_at", "summary"])
    record(
        action=OrderAction.BACKTESTED,
        subject=run,
        by=run.created_by,
        at=at,
        data={"version": run.name, "compared": run.compared_name, "cases": run.done},
    )
    return run


def _finding(run: BacktestRun, each: Judged) -> BacktestFinding:
    case, event, own = each.case, each.case.event, each.judgements[0]
    compared = each.judgements[1] if len(each.judgements) > 1 else None
    detail = event.detail or {}
    return BacktestFinding(
        run=run,
        order_id=event.ref if case.is_order else None,
        invoice_id=None if case.is_order else event.ref,
        number=detail["number"],
        customer_id=case.account.customer_id,
        at=event.at,
        amount=event.amount,
        currency=case.currency,
        held=own.held,
        excess=max(judgement.excess for judgement in each.judgements),
        credit_currency=case.account.currency,
        checks=[check.as_json() for check in own.reasons],
        codes=[check.code for check in own.reasons],
        compared_held=compared.held if compared else None,
        compared_checks=[check.as_json() for check in compared.reasons] if compared else None,
        compared_codes=[check.code for check in compared.reasons] if compared else [],
        ending=each.ending,
        days_late=each.days_late,
    )
