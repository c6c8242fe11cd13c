"""Work on orders that nobody waits for: imports of files, and orders that credit arrives for."""

from celery import shared_task
from django.utils import timezone

from orders.backtest import lifecycle as backtests
from orders.events import lifecycle as events
from orders.imports import lifecycle, progress
from orders.lifecycle import reevaluate
from orders.models import FulfilmentEvent
from orders.waiting import waiting
from staff.models import User


@shared_task
def carry_out_import(run_id: int) -> None:
    """Check or write one started import."""
    lifecycle.carry_out(run_id=run_id, at=timezone.now(), progress=progress.reporter(run_id))


@shared_task
def reevaluate_waiting(account_id: int | None = None, by_id: int | None = None) -> int:
    """Ask the gate again about waiting orders, of one account's group or all; how many passed.

    `by_id` is whose act set it off.
    """
    at = timezone.now()
    by = User.objects.filter(pk=by_id).first() if by_id else None
    passed = 0
    for order_id in list(waiting(account_id).values_list("pk", flat=True)):
        order = reevaluate(order_id=order_id, by=by, at=at)
        passed += order.approved_at == at
    return passed


@shared_task
def take_waiting_events() -> int:
    """Let events take their turn that waited when their process died; how many orders were asked.

    Each is asked by itself, in a transaction of its own.
    """
    at, waiting = timezone.now(), FulfilmentEvent.objects.waiting().order_by()
    events.adopt(event_ids=list(events.orphans().values_list("pk", flat=True)), at=at)
    ids = list(waiting.filter(order__isnull=False).values_list("order", flat=True).distinct())
    for order_id in ids:
        events.apply_waiting(order_id=order_id, at=at)
    return len(ids)


@shared_task
def resume_imports() -> None:
    """Go on with imports whose worker died."""
    lifecycle.resume_silent(at=timezone.now(), hand_over=carry_out_import.delay)


@shared_task
def delete_old_import_files() -> None:
    """Delete uploads that have been lying for a week."""
    lifecycle.delete_old_files(at=timezone.now())


@shared_task
def carry_out_backtest(run_id: int) -> None:
    """Try a credit policy on past orders, as a run asks."""
    backtests.carry_out(run_id=run_id, now=timezone.now)


@shared_task
def end_silent_backtests() -> None:
    """Give up runs whose worker died."""
    backtests.end_silent(at=timezone.now())
