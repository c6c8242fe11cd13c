"""The figures of all approvers, reasons and bands, counted by the database in one query."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from approvals.calibration.arithmetic import Tally
from approvals.calibration.cases import outcomes, standing_approvals
from approvals.calibration.enums import Outcome
from approvals.enums import AnswerKind
from credit.enums import Verdict
from orders.querysets import OrderQuerySet

# One row for each group, key and outcome: how many orders, and by how many days those were late
# that were paid late. An order is counted once for each who approved it and for each of its
# reasons, and once in a band and in the total. `names` are those of a reason that is a gate rule.
_COUNT = """
WITH released AS MATERIALIZED ({released}),
     approved AS MATERIALIZED ({approved}),
     outcomes AS MATERIALIZED ({outcomes}),
     cases AS MATERIALIZED (
        SELECT a.id, a.round, a.decision_id, a.band, COALESCE(o.outcome, 0) AS outcome,
               CASE WHEN o.outcome = {late} THEN EXTRACT(EPOCH FROM o.late) / 86400
                    ELSE 0 END AS days
        FROM released r
        LEFT JOIN approved a ON a.order_id = r.id
        LEFT JOIN outcomes o ON o.order_id = r.id
     )
SELECT CASE WHEN id IS NULL THEN 'passed' ELSE 'total' END, '', outcome, COUNT(*), SUM(days),
       NULL::jsonb
FROM cases GROUP BY 1, outcome
UNION ALL
SELECT 'band', band, outcome, COUNT(*), SUM(days), NULL
FROM cases WHERE id IS NOT NULL GROUP BY band, outcome
UNION ALL
SELECT 'approver', w.by_id::text, c.outcome, COUNT(*), SUM(c.days),
       jsonb_agg(DISTINCT s.stage)
FROM cases c
JOIN approvals_answer w ON w.request_id = c.id AND w.round = c.round AND w.kind = '{approve}'
JOIN approvals_seat s ON s.id = w.seat_id
WHERE %s OR w.by_id = %s
GROUP BY w.by_id, c.outcome
UNION ALL
SELECT 'reason', e.code, c.outcome, COUNT(*), SUM(c.days), (array_agg(e.names))[1]
FROM cases c
JOIN orders_decision d ON d.id = c.decision_id
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (b ->> 'code') b ->> 'code' AS code, b #> '{{figures,names}}' AS names
    FROM jsonb_array_elements(d.checks) b WHERE b ->> 'verdict' = '{blocked}'
) e
GROUP BY e.code, c.outcome
"""


@dataclass
class _Sum:
    counts: dict[Outcome, int] = field(default_factory=dict)
    late_days: int = 0
    more: list[Any] = field(default_factory=list)

    def tally(self) -> Tally:
        named = {Outcome(code).name.lower(): count for code, count in self.counts.items()}
        return Tally(**named, late_days=self.late_days)


@dataclass(frozen=True)
class Figures:
    """Tallies of the approved orders together and by group, and of those without approval.

    `approvers` are by the person's id, `levels` tell at which levels each of them approved;
    `reasons` are by the code of the check, and `names` tell those of gate rules.
    """

    total: Tally
    passed: Tally
    approvers: Mapping[int, Tally]
    levels: Mapping[int, list[int]]
    reasons: Mapping[str, Tally]
    names: Mapping[str, dict[str, str]]
    bands: Mapping[str, Tally]


def count(
    released: OrderQuerySet, *, day: date, least: int, only_approver: int | None = None
) -> Figures:
    """Count the released orders as they stand on `day`, in one query whatever there is.

    Of the approvers only the one named, where one is.
    """
    if released.query.is_empty():
        return _figures([])
    parts = {
        "released": released.order_by().values("id"),
        "approved": standing_approvals().order_by().values(
            "id", "order_id", "round", "decision_id", "band"
        ),
        "outcomes": outcomes(day, least),
    }  # fmt: skip
    compiled = {name: part.query.sql_with_params() for name, part in parts.items()}
    query = _COUNT.format(
        **{name: sql for name, (sql, _params) in compiled.items()},
        late=Outcome.LATE.value,
        approve=AnswerKind.APPROVE.value,
        blocked=Verdict.BLOCKED.value,
    )
    given = [value for _sql, params in compiled.values() for value in params]
    with connection.cursor() as cursor:
        cursor.execute(query, [*given, only_approver is None, only_approver or 0])
        return _figures(cursor.fetchall())


def _figures(rows: Iterable[tuple[Any, ...]]) -> Figures:
    sums: dict[str, dict[str, _Sum]] = defaultdict(lambda: defaultdict(_Sum))
    for group, key, outcome, cases, days, more in rows:
        found = sums[group][key]
        found.counts[Outcome(outcome)] = cases
        found.late_days += int(days)
        found.more += [json.loads(more)] if more else []
    tallies = {
        group: {key: found.tally() for key, found in keys.items()} for group, keys in sums.items()
    }
    people, reasons = sums["approver"], sums["reason"]
    return Figures(
        total=tallies.get("total", {}).get("", Tally()),
        passed=tallies.get("passed", {}).get("", Tally()),
        approvers={int(key): tally for key, tally in tallies.get("approver", {}).items()},
        levels={int(key): sorted(set().union(*each.more)) for key, each in people.items()},
        reasons=tallies.get("reason", {}),
        names={key: each.more[0] for key, each in reasons.items() if each.more},
        bands=tallies.get("band", {}),
    )
