"""Rates of past days, each asked for once."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from credit.rates import Rates, rates_on


class Exchange:
    """The rates of past days as facts, remembered for the length of a run."""

    def __init__(self) -> None:
        self._known: dict[tuple[date, frozenset[str], frozenset[str]], dict[str, Any]] = {}

    def facts(self, day: date, sources: Iterable[str], targets: Iterable[str]) -> dict[str, Any]:
        """The latest rates not after `day`, as a decision keeps them."""
        key = (day, frozenset(sources), frozenset(targets))
        if key[1] == key[2] and len(key[1]) == 1:
            return {}
        if key not in self._known:
            self._known[key] = rates_on(day, key[1], key[2])
        return self._known[key]

    def rate(self, day: date, source: str, target: str) -> Decimal | None:
        """How much of `target` one unit of `source` was worth; None where nobody entered it."""
        if source == target:
            return Decimal(1)
        return Rates.of(self.facts(day, {source}, {target})).rate(source, target)
