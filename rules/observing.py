"""What a rule saw: the value of every fact it asked about, and how each comparison came out."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Expression, Model, QuerySet
from django.utils.translation import gettext as _

from rules import statements
from rules.compiler import FALSE, MISSING, TRUE, compile_node
from rules.conditions import Comparison, Negation, Node, comparisons, dump, parse
from rules.facts import Fact
from rules.facts.base import Json
from rules.subjects import Subject


@dataclass(frozen=True)
class Observation:
    """One comparison on one row as of a moment; `value` is None where data was missing."""

    path: str
    fact: Fact
    operator: str
    threshold: Json
    value: Json
    verdict: str

    @property
    def label(self) -> str:
        """The fact's name in the reader's language."""
        return str(self.fact.label)

    @property
    def unit(self) -> str:
        """The unit of the value in the reader's language, empty if it has none."""
        return self.fact.unit()

    @property
    def text(self) -> str:
        """The value as it is read, with its unit, in the reader's language."""
        return _("no data") if self.value is None else self.fact.show(self.value)

    @property
    def comparison(self) -> str:
        """The comparison that was made, in words."""
        value = self.fact.clean(self.operator, self.threshold)
        return self.fact.phrase(self.operator, value)

    def as_json(self) -> dict[str, Json]:
        """What is stored, to be read again with `read`."""
        return {
            "path": self.path,
            "fact": self.fact.name,
            "op": self.operator,
            "threshold": self.threshold,
            "value": self.value,
            "verdict": self.verdict,
        }


def read(stored: Iterable[dict[str, Json]], subject: Subject) -> list[Observation]:
    """Observations from what `as_json` gave. Raises KeyError for an unknown fact."""
    return [
        Observation(
            path=row["path"],
            fact=subject.fact(row["fact"]),
            operator=row["op"],
            threshold=row["threshold"],
            value=row["value"],
            verdict=row["verdict"],
        )
        for row in stored
    ]


def observe(condition: Json, subject: Subject, row: Model | int, at: datetime) -> list[Observation]:
    """What the condition sees on one row as of `at`, also if the row is outside the scope.

    `row` is an instance or a primary key. Raises the model's DoesNotExist if it is gone.
    """
    pk = row.pk if isinstance(row, Model) else row
    seen = observe_many(condition, subject, [pk], at)
    if pk not in seen:
        raise subject.model.DoesNotExist  # type: ignore[attr-defined]
    return seen[pk]


def observe_many(
    condition: Json, subject: Subject, pks: Iterable[int], at: datetime
) -> dict[int, list[Observation]]:
    """What the condition sees on each of the rows, by primary key, in one query for all."""
    leaves = comparisons(parse(condition, subject))
    columns: dict[str, Expression] = {}
    for index, leaf in enumerate(leaves):
        columns |= _columns(leaf, str(index), at)
    rows = subject.model._base_manager.filter(pk__in=list(pks)).values("pk", **columns)
    return {
        row["pk"]: [_observation(leaf, str(index), row, at) for index, leaf in enumerate(leaves)]
        for row in rows
    }


def observe_conditions(
    conditions: Mapping[str, Json], subject: Subject, pk: int, at: datetime
) -> dict[str, dict[str, Json]]:
    """How several conditions come out on one row as of `at`, in one query for all.

    By the key of each condition: its "outcome" (TRUE, FALSE or MISSING) and what was "seen", as
    `as_json` gives it. The row need not be in the subject's scope. Raises the model's DoesNotExist.
    """
    nodes = _parsed(conditions, subject)
    row = statements.ask(_asking(nodes, subject), pk, at)
    if row is None:
        raise subject.model.DoesNotExist  # type: ignore[attr-defined]
    return _came_out(nodes, row, at)


def observe_conditions_many(
    conditions: Mapping[str, Json], subject: Subject, pks: Sequence[int], at: datetime
) -> dict[int, dict[str, dict[str, Json]]]:
    """What `observe_conditions` says of each row, by primary key, in one query for all.

    Rows that are gone are left out.
    """
    nodes = _parsed(conditions, subject)
    rows = statements.ask_many(_asking(nodes, subject), pks, at)
    return {row["pk"]: _came_out(nodes, row, at) for row in rows}


def _parsed(conditions: Mapping[str, Json], subject: Subject) -> dict[str, Node]:
    return {key: parse(condition, subject) for key, condition in conditions.items()}


def _asking(nodes: Mapping[str, Node], subject: Subject) -> statements.Asking:
    key = (subject.name, *(_identity(node) for node in nodes.values()))
    return statements.Asking(key, partial(_row_of, tuple(nodes.values()), subject))


def _came_out(
    nodes: Mapping[str, Node], row: dict[str, Any], at: datetime
) -> dict[str, dict[str, Json]]:
    seen = {
        key: [
            _observation(leaf, f"{number}_{index}", row, at)
            for index, leaf in enumerate(comparisons(node))
        ]
        for number, (key, node) in enumerate(nodes.items())
    }
    return {
        key: {
            "outcome": _outcome(node, {each.path: each.verdict for each in seen[key]}),
            "seen": [each.as_json() for each in seen[key]],
        }
        for key, node in nodes.items()
    }


def _outcome(node: Node, verdicts: Mapping[str, str]) -> str:
    """What the verdicts of a condition's comparisons, by their paths, come to."""
    if isinstance(node, Comparison):
        return verdicts[node.path]
    if isinstance(node, Negation):
        contrary = {TRUE: FALSE, FALSE: TRUE, MISSING: MISSING}
        return contrary[_outcome(node.part, verdicts)]
    decisive, otherwise = (FALSE, TRUE) if node.joiner == "all" else (TRUE, FALSE)
    parts = {_outcome(part, verdicts) for part in node.parts}
    if decisive in parts:
        return decisive
    return MISSING if MISSING in parts else otherwise


def _row_of(
    nodes: tuple[Node, ...], subject: Subject, pk: int, at: datetime
) -> QuerySet[Any, dict[str, Any]]:
    columns: dict[str, Expression] = {}
    for number, node in enumerate(nodes):
        for index, leaf in enumerate(comparisons(node)):
            columns |= _columns(leaf, f"{number}_{index}", at)
    return subject.model._base_manager.filter(pk=pk).values("pk", **columns)


def _identity(node: Node) -> tuple[Any, ...]:
    """Equal for conditions that are the same in SQL: a word list made anew is another one."""
    lists = [leaf.value.pk for leaf in comparisons(node) if isinstance(leaf.value, Model)]
    return json.dumps(dump(node), sort_keys=True), *lists


def _columns(leaf: Comparison, ending: str, at: datetime) -> dict[str, Expression]:
    """The columns that say how one comparison came out and what it saw."""
    columns: dict[str, Expression] = {f"verdict_{ending}": compile_node(leaf, at).outcome}
    for name, column in leaf.fact.readings(leaf.operator, leaf.value, at).items():
        columns[f"{name}_{ending}"] = column
    return columns


def _observation(leaf: Comparison, ending: str, row: dict[str, Any], at: datetime) -> Observation:
    tail = f"_{ending}"
    reading = {key.removesuffix(tail): row[key] for key in row if key.endswith(tail)}
    return Observation(
        path=leaf.path,
        fact=leaf.fact,
        operator=leaf.operator,
        threshold=leaf.fact.dump(leaf.operator, leaf.value),
        value=leaf.fact.seen(leaf.operator, leaf.value, reading, at),
        verdict=reading["verdict"],
    )
