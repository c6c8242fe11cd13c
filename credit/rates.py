"""Amounts in other currencies, at rates that are frozen with whatever they were used for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from credit.money import quantize

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates known on a day. `known` maps 'USD/CNY' to (yuan for one dollar, valid since)."""

    known: Mapping[str, tuple[Decimal, str]]

    @classmethod
    def of(cls, facts: Mapping[str, Mapping[str, str]]) -> "Rates":
        """From what a decision keeps: {'USD/CNY': {'rate': '7.1', 'on': '2026-03-02'}}."""
        return cls({pair: (Decimal(row["rate"]), row["on"]) for pair, row in facts.items()})

    def rate(self, source: str, target: str) -> Decimal | None:
        """How much of `target` one unit of `source` is worth; None where nobody entered it."""
        if source == target:
            return ONE
        row = self.known.get(f"{source}/{target}")
        return row[0] if row else None

    def convert(self, amount: Decimal, source: str, target: str) -> Decimal | None:
        """`amount` in `target`, rounded to cents; None without a rate."""
        rate = self.rate(source, target)
        return None if rate is None else quantize(amount * rate)


def rates_on(
    day: date, currencies: Iterable[str], into: Iterable[str]
) -> dict[str, dict[str, str]]:
    """The latest rates not after `day` from each of `currencies` into each of `into`, as facts.

    A pair nobody entered is the inverse of the opposite one; a pair known neither way is left out.
    One query; none where there is nothing to convert.
    """
    from credit.models import ExchangeRate

    pairs = sorted({(a, b) for a in currencies for b in into if a != b})
    return ExchangeRate.objects.latest_rates(pairs, day) if pairs else {}
