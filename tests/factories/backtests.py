"""Runs of a backtest."""

from datetime import date

from django.utils import timezone

from orders.backtest import lifecycle
from orders.backtest.enums import Basis
from tests.factories import policies
from tests.factories.moments import NOW
from tests.factories.staff import person


def queued(version=None, *, compared=None, by=None, at=NOW, basis=Basis.ORDERS, **days):
    """A run that waits for a worker."""
    return lifecycle.start(
        version_id=(version or policies.standard()).pk,
        compared_id=compared.pk if compared else None,
        since=days.get("since", date(2026, 1, 1)),
        until=days.get("until", date(2026, 3, 1)),
        basis=basis,
        by=by or person("credit_analyst"),
        at=at,
        hand_over=lambda run_id: None,
    )


def done(*args, **values):
    """A run carried out at once, as a worker would."""
    run = queued(*args, **values)
    return lifecycle.carry_out(run_id=run.pk, now=lambda: values.get("at") or timezone.now())
