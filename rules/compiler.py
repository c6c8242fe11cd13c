"""From a condition to SQL: a WHERE clause as of a moment.

Negation is pushed down to the comparisons, each of which knows how to say in SQL that it holds and
that it fails. So only AND and OR of plain comparisons reach the database: an index on a compared
column serves, and a NULL makes neither side true, however deeply it is negated.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, CharField, Expression, Q, QuerySet, Value, When
from django.utils import timezone

from rules.conditions import Comparison, Negation, Node, parse
from rules.facts.base import Json
from rules.subjects import Subject

TRUE, FALSE, MISSING = "true", "false", "missing"
_DUAL = {"all": "any", "any": "all"}


@dataclass(frozen=True)
class CompiledCondition:
    """A condition as SQL over its subject's model, as of one moment.

    `holds` and `fails` select the rows where the outcome is known to be true or false.
    """

    holds: Q
    fails: Q

    @property
    def missing(self) -> Q:
        """Selects the rows where data was missing for an answer; reads every row in the scope."""
        known = [When(self.holds, then=Value(False)), When(self.fails, then=Value(False))]
        return Q(Case(*known, default=Value(True), output_field=BooleanField()))

    @property
    def outcome(self) -> Expression:
        """The outcome of each row as a text: TRUE, FALSE or MISSING."""
        return Case(
            When(self.holds, then=Value(TRUE)),
            When(self.fails, then=Value(FALSE)),
            default=Value(MISSING),
            output_field=CharField(),
        )

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the queryset for which the condition holds."""
        return queryset.filter(self.holds)


def compile_condition(condition: Json, subject: Subject, at: datetime) -> CompiledCondition:
    """The condition as of `at` (aware). Raises ConditionError if it is not valid."""
    return compile_node(parse(condition, subject), at)


def compile_node(node: Node, at: datetime) -> CompiledCondition:
    """A parsed condition as of `at`; ValueError if `at` has no time zone."""
    if timezone.is_naive(at):
        raise ValueError("A condition is evaluated as of a moment with a time zone.")
    return CompiledCondition(holds=_sql(node, at, True), fails=_sql(node, at, False))


def matches(condition: Json, subject: Subject, at: datetime) -> QuerySet[Any]:
    """What a watch rule finds: the rows in the subject's scope for which the condition holds."""
    return compile_condition(condition, subject, at).apply(subject.scope(at))


def _sql(node: Node, at: datetime, wanted: bool) -> Q:
    if isinstance(node, Comparison):
        says = node.fact.holds if wanted else node.fact.fails
        return says(node.operator, node.value, at)
    if isinstance(node, Negation):
        return _sql(node.part, at, not wanted)
    joiner = node.joiner if wanted else _DUAL[node.joiner]
    parts = [_sql(part, at, wanted) for part in node.parts]
    return Q(*parts, _connector=Q.AND if joiner == "all" else Q.OR)
