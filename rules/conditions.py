"""Conditions as data: reading, checking and changing the JSON tree of a rule.

A condition is a JSON tree:

    {"all": [condition, ...]}   every part holds
    {"any": [condition, ...]}   at least one part holds
    {"not": condition}          the part is known not to hold
    {"fact": "order.since_payment", "op": "more_than", "value": {"amount": "24", "unit": "hours"}}

Outcomes are three-valued (Kleene): true, false, or missing where a fact had no data. "not" leaves
missing as it is, "all" is false as soon as one part is, "any" is true as soon as one part is.

`validate` returns the canonical form to store. `parameters` and `with_parameters` are for changing
thresholds without changing the shape. Paths such as "all.0" name a place in the tree; "" is the
root.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rules.facts import Fact
from rules.facts.base import Json, Parameter
from rules.subjects import Subject

DEEPEST = 5
MOST_COMPARISONS = 50


class ConditionError(ValidationError):
    """A condition that cannot be used; `path` names the faulty place ("" for the whole)."""

    def __init__(self, problem: str, path: str) -> None:
        self.path = path
        if path:
            # Translators: the place is a path such as "all.1" inside a rule's condition.
            text = _("%(problem)s (at “%(place)s” of the condition)")
            problem = text % {"problem": problem, "place": path}
        super().__init__(problem, code="condition")


@dataclass(frozen=True)
class Comparison:
    """A leaf: one fact compared with one typed value."""

    path: str
    fact: Fact
    operator: str
    value: Any


@dataclass(frozen=True)
class Group:
    """All or any of several parts."""

    joiner: str
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Negation:
    """The contrary of a part."""

    part: "Node"


Node = Comparison | Group | Negation


def parse(condition: Json, subject: Subject) -> Node:
    """The condition as typed nodes. Raises ConditionError."""
    if _size(condition) > MOST_COMPARISONS:
        raise ConditionError(
            _("A condition may have at most %(limit)s comparisons.") % {"limit": MOST_COMPARISONS},
            "",
        )
    return _parse(condition, subject, "", 1)


def validate(condition: Json, subject: Subject) -> Json:
    """The condition in its canonical JSON form. Raises ConditionError naming the faulty place."""
    return dump(parse(condition, subject))


def dump(node: Node) -> Json:
    """The canonical JSON form of a parsed condition."""
    if isinstance(node, Group):
        return {node.joiner: [dump(part) for part in node.parts]}
    if isinstance(node, Negation):
        return {"not": dump(node.part)}
    value = node.fact.dump(node.operator, node.value)
    return {"fact": node.fact.name, "op": node.operator, "value": value}


def comparisons(node: Node) -> list[Comparison]:
    """The leaves of a parsed condition, from left to right."""
    if isinstance(node, Comparison):
        return [node]
    parts = node.parts if isinstance(node, Group) else (node.part,)
    return [leaf for part in parts for leaf in comparisons(part)]


def asks_of_others(condition: Json, subject: Subject) -> bool:
    """Whether the answer for one row may depend on other rows. Raises ConditionError."""
    return any(leaf.fact.of_others for leaf in comparisons(parse(condition, subject)))


def parameters(condition: Json, subject: Subject) -> list[Parameter]:
    """The values of the condition that a person may change, from left to right."""
    found = [
        leaf.fact.parameter(leaf.operator, leaf.value, leaf.path)
        for leaf in comparisons(parse(condition, subject))
    ]
    return [parameter for parameter in found if parameter is not None]


def with_parameters(condition: Json, subject: Subject, values: Mapping[str, Json]) -> Json:
    """The condition with other values at the given paths, in canonical form.

    Raises ConditionError for a value that does not fit, or a path that is no parameter.
    """
    editable = {parameter.path for parameter in parameters(condition, subject)}
    for path in values:
        if path not in editable:
            raise ConditionError(_("There is no value to change here."), path)
    return validate(_replaced(condition, "", values), subject)


def _replaced(condition: Json, path: str, values: Mapping[str, Json]) -> Json:
    if "fact" in condition:
        return condition | {"value": values.get(path, condition.get("value"))}
    if "not" in condition:
        return {"not": _replaced(condition["not"], _below(path, "not"), values)}
    ((joiner, parts),) = condition.items()
    return {
        joiner: [
            _replaced(part, _below(path, joiner, index), values) for index, part in enumerate(parts)
        ]
    }


def _size(condition: Json) -> int:
    # Counted before anything is parsed, so that an enormous tree costs nothing.
    waiting, size = [condition], 0
    while waiting and size <= MOST_COMPARISONS:
        part = waiting.pop()
        if isinstance(part, dict) and "fact" in part:
            size += 1
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return size


def _parse(condition: Json, subject: Subject, path: str, depth: int) -> Node:
    if depth > DEEPEST:
        limit = {"limit": DEEPEST}
        raise ConditionError(_("Groups may be nested at most %(limit)s deep.") % limit, path)
    if not isinstance(condition, dict):
        raise ConditionError(_("This is neither a comparison nor a group."), path)
    if "fact" in condition:
        return _parse_comparison(condition, subject, path)
    if set(condition) == {"not"}:
        return Negation(_parse(condition["not"], subject, _below(path, "not"), depth + 1))
    if set(condition) not in ({"all"}, {"any"}):
        raise ConditionError(_("This is neither a comparison nor a group."), path)
    ((joiner, parts),) = condition.items()
    if not isinstance(parts, list) or not 0 < len(parts) <= MOST_COMPARISONS:
        limit = {"limit": MOST_COMPARISONS}
        raise ConditionError(_("A group needs from 1 to %(limit)s parts.") % limit, path)
    return Group(
        joiner,
        tuple(
            _parse(part, subject, _below(path, joiner, index), depth + 1)
            for index, part in enumerate(parts)
        ),
    )


def _parse_comparison(condition: dict[str, Json], subject: Subject, path: str) -> Comparison:
    if set(condition) != {"fact", "op", "value"}:
        raise ConditionError(_("A comparison needs a fact, an operator and a value."), path)
    name, operator = condition["fact"], condition["op"]
    try:
        fact = subject.fact(name)
    except KeyError:
        text = _("There is no fact “%(name)s” about this subject.")
        raise ConditionError(text % {"name": name}, path) from None
    if operator not in fact.operators:
        text = _("“%(fact)s” cannot be compared with “%(operator)s”.")
        words = {"fact": fact.label, "operator": operator}
        raise ConditionError(text % words, path)
    try:
        value = fact.clean(operator, condition["value"])
    except ValidationError as error:
        text = _("%(fact)s: %(problem)s")
        problem = " ".join(error.messages)
        raise ConditionError(text % {"fact": fact.label, "problem": problem}, path) from error
    return Comparison(path, fact, operator, value)


def _below(path: str, *steps: str | int) -> str:
    return ".".join([*([path] if path else []), *map(str, steps)])
