"""Subjects: the kinds of thing that rules look at, each with its facts.

The app that owns a model declares its subject in its own `facts.py`, and imports that module from
its `AppConfig.ready`, so that the registry is complete when the first request comes:

    ORDER = register(Subject(
        name="order",
        label=_("order"),
        model=Order,
        scope=lambda at: Order.objects.open_at(at),
        facts=(
            Elapsed(name="order.since_payment", label=_("time since payment"), source="paid_at",
                    event=_("paid")),
            Happened(name="order.shipped", label=_("shipment"), source="shipped_at",
                     yes=_("shipped"), no=_("not shipped")),
            Ratio(name="order.margin", label=_("margin"), source=F("net") - F("cost"), whole="net"),
            Text(name="order.ship_to_address", label=_("ship-to address"),
                 source="ship_to_address"),
        ),
    ))

A fact's name is stored in rules and in tickets: once released it is never renamed or removed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from rules.facts import Fact
from rules.facts.base import Label


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """A kind of thing rules look at. `scope(at)` is the rows a watch rule looks at as of `at`."""

    name: str
    label: Label
    model: type[Model]
    scope: Callable[[datetime], QuerySet[Any]]
    facts: tuple[Fact, ...]

    def __post_init__(self) -> None:
        names = [fact.name for fact in self.facts]
        if len(set(names)) != len(names):
            raise ValueError(f"Subject {self.name} declares a fact twice.")

    def fact(self, name: str) -> Fact:
        """The fact of that name; raises KeyError if the subject has none."""
        for fact in self.facts:
            if fact.name == name:
                return fact
        raise KeyError(name)


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> Subject:
    """Make the subject known by its name."""
    _subjects[subject.name] = subject
    return subject


def extend(name: str, *facts: Fact) -> Subject:
    """Add what an app further up knows about the rows; called from its `AppConfig.ready`.

    Raises KeyError if there is no subject of that name, ValueError for a fact it has already.
    """
    known = get(name)
    return register(replace(known, facts=(*known.facts, *facts)))


def get(name: str) -> Subject:
    """The registered subject of that name; raises KeyError if there is none."""
    return _subjects[name]
