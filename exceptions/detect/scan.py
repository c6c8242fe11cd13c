"""The scan: what is wrong now, against the tickets there are.

A rule is a level, not an event. Each pass works out the whole set of orders for which a rule holds
and compares it with the tickets of that rule, so nothing is missed because a scan was late, and
running it twice changes nothing.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from exceptions.detect import statements
from exceptions.detect.evaluate import on_watch
from exceptions.detect.models import AlertRule, Scan, subject
from exceptions.triage.models import SlaTarget
from exceptions.triage.sla import deadlines
from rules.observing import observe_many

logger = logging.getLogger(__name__)

KEPT = timedelta(days=30)
# Tickets opened by one statement: bounds the memory of a scan that finds very many.
AT_ONCE = 5_000


@dataclass
class Findings:
    """What one pass found: orders matched, and ticket numbers opened, cleared, or holding again."""

    matched: int = 0
    opened: int = 0
    cleared: int = 0
    recurred: int = 0


@dataclass
class Difference:
    """What a pass has to change: orders without a ticket, tickets without their reason and back."""

    matched: int
    new: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    back: list[int] = field(default_factory=list)


def run(at: datetime) -> Scan:
    """Look at every live rule as of `at` and bring its tickets up to date.

    A rule that fails is noted and does not keep the others from being looked at.
    """
    scan = Scan(started_at=at)
    for code in AlertRule.objects.live().values_list("code", flat=True):
        try:
            found = scan_rule(code, at)
        except Exception as error:
            logger.exception("alert rule %s could not be scanned", code)
            scan.errors[code] = _told(error)
            AlertRule.objects.filter(code=code).update(scan_error=_told(error))
            continue
        if found:
            scan.rules += 1
            scan.opened += found.opened
            scan.cleared += found.cleared
            scan.recurred += found.recurred
    # The one figure that is about the scan itself and not about the world it saw.
    scan.finished_at = timezone.now()
    scan.save(force_insert=True)
    Scan.objects.filter(started_at__lt=at - KEPT).delete()
    return scan


@transaction.atomic
def scan_rule(code: str, at: datetime) -> Findings | None:
    """Bring the tickets of one rule up to date as of `at`.

    The rule's row is locked meanwhile: scans of one rule never overlap, and its version cannot
    change under a scan. None if another scan is at it, was quicker with a later moment, or the rule
    was switched off. A row lock, unlike an advisory lock, ends with the transaction even behind a
    connection pooler.
    """
    earlier = Q(scanned_at__isnull=True) | Q(scanned_at__lte=at)
    waiting = AlertRule.objects.live().filter(earlier, code=code)
    rule = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if rule is None:
        return None
    difference = _difference(rule, at)
    found = Findings(matched=difference.matched)
    for start in range(0, len(difference.new), AT_ONCE):
        found.opened += _open(rule, difference.new[start : start + AT_ONCE], at)
    if difference.gone or difference.back:
        found.cleared, found.recurred = _mark(rule, difference, at)
    rule.scanned_at, rule.matched, rule.scan_error = at, found.matched, ""
    rule.save(update_fields=["scanned_at", "matched", "scan_error"])
    return found


def _difference(rule: AlertRule, at: datetime) -> Difference:
    found = on_watch(rule.version.condition, at).order_by().values_list("pk", flat=True)
    matching, values = found.query.sql_with_params()
    sql = statements.DIFFERENCE.replace("{matching}", matching)
    return Difference(*next(_rows(sql, [*values, rule.pk])))


def _open(rule: AlertRule, orders: list[int], at: datetime) -> int:
    version = rule.version
    seen = observe_many(version.condition, subject(), orders, at)
    target = SlaTarget.objects.get(severity=version.severity)
    due = deadlines(at, target.respond_within, target.resolve_within)
    observed = [
        json.dumps([each.as_json() for each in saw], cls=DjangoJSONEncoder) for saw in seen.values()
    ]
    values = {
        "orders": list(seen),
        "observed": observed,
        "rule": rule.pk,
        "code": rule.code,
        "version": version.pk,
        "severity": version.severity,
        "department": version.department_id,
        "at": at,
        "respond_due": due.respond_due_at,
        "respond_risk": due.respond_risk_at,
        "resolve_due": due.resolve_due_at,
        "resolve_risk": due.resolve_risk_at,
    }
    return int(next(_rows(statements.OPEN, values))[0])


def _mark(rule: AlertRule, difference: Difference, at: datetime) -> tuple[int, int]:
    values = {
        "gone": difference.gone,
        "back": difference.back,
        "code": rule.code,
        "at": at,
    }
    cleared, recurred = next(_rows(statements.MARK, values))
    return cleared, recurred


def _rows(sql: str, values: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        yield from cursor.fetchall()


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
