"""One order before the checks, and what a check has to say about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from credit.content import AMOUNT, THRESHOLDS, Content
from credit.enums import CheckCode, CheckSeverity
from credit.limits import Granted, granted
from credit.money import ZERO
from credit.rates import Rates

Facts = Mapping[str, Any]
HUNDRED = Decimal(100)
BUCKETS = ("reserved", "delivered", "receivable")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found. `figures` hold what its sentence needs, amounts as strings."""

    code: str
    verdict: str
    figures: dict[str, Any] = field(default_factory=dict)
    documents: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The result as it is kept in a decision."""
        return {
            "code": self.code,
            "verdict": self.verdict,
            "figures": self.figures,
            "documents": self.documents,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """Whether a check's condition is met, before its severity says what follows from that.

    `hit` is None where data is missing for an answer.
    """

    hit: bool | None
    figures: dict[str, Any] = field(default_factory=dict)
    documents: list[dict[str, str]] = field(default_factory=list)


class Case:
    """One order before the checks: the facts with the sums that several checks share.

    `groups` are those whose limit the order takes from, nearest first, each with what its members
    use. An account that others belong to is the head of a group itself: what they use counts when
    it orders as well, or together they could pass the limit that they share.
    """

    def __init__(self, facts: Facts, content: Content) -> None:
        self.facts = facts
        self.order: Facts = facts["order"]
        self.account: Facts = facts["account"]
        self.customer: Facts = facts["customer"]
        self.groups: list[Facts] = [*_own_group(facts), *facts["groups"]]
        self.rates = Rates.of(facts["rates"])
        self.content = content
        self.today = date.fromisoformat(facts["day"])

    @cached_property
    def currency(self) -> str:
        return str(self.account["currency"])

    @cached_property
    def need(self) -> Decimal | None:
        """What the order needs of the limit, in the account's currency; None without a rate."""
        return self.rates.convert(
            Decimal(self.order["need"]), self.order["currency"], self.currency
        )

    @cached_property
    def total(self) -> Decimal | None:
        return self.rates.convert(
            Decimal(self.order["total"]), self.order["currency"], self.currency
        )

    @cached_property
    def used(self) -> Decimal:
        """What everything but this order uses of the account."""
        whole = sum((Decimal(self.account[name]) for name in BUCKETS), ZERO)
        return whole - Decimal(self.order["held"])

    @cached_property
    def limit(self) -> Granted:
        return granted(
            self.account["limits"],
            self.facts["segment"],
            self.currency,
            self.rates,
            self.today,
            in_group=bool(self.facts["groups"]),
        )

    @cached_property
    def group_limits(self) -> list[Granted]:
        """The limits of `groups`, each in its own currency."""
        return [
            granted(
                group["limits"],
                group["segment"],
                group["currency"],
                self.rates,
                self.today,
                in_group=level < len(self.groups),
            )
            for level, group in enumerate(self.groups, start=1)
        ]

    def allowed(self, amount: str, currency: str = "") -> Decimal | None:
        """An amount of the policy in `currency`, else the account's; None without its rate."""
        value, target = Decimal(amount), currency or self.currency
        return self.rates.convert(value, self.content["currency"], target) if value else ZERO

    def tolerated(self, amount: str, currency: str = "") -> Decimal:
        """A tolerance of the policy in `currency`.

        Nothing where its rate is missing, so that nothing passes that might not; the check of the
        rates then blocks and says why.
        """
        return self.allowed(amount, currency) or ZERO

    @cached_property
    def missing_rates(self) -> list[str]:
        """The pairs of currencies that the checks would need and nobody entered, like USD/CNY."""
        wanted = {*self._wanted_pairs()}
        return sorted(f"{a}/{b}" for a, b in wanted if self.rates.rate(a, b) is None)

    def _wanted_pairs(self) -> Iterator[tuple[str, str]]:
        yield self.order["currency"], self.currency
        if self.limit.missing_rate:
            yield self.limit.missing_rate, self.currency
        for group, limit in zip(self.groups, self.group_limits, strict=True):
            for currency in (self.currency, *group["members"]):
                yield currency, group["currency"]
            if limit.missing_rate:
                yield limit.missing_rate, group["currency"]
        for setting in self.content["checks"]:
            if _compares_amounts(setting):
                yield from self._pairs_of_policy(setting["check"])

    def _pairs_of_policy(self, code: str) -> Iterator[tuple[str, str]]:
        of_groups = code == CheckCode.GROUP_LIMIT
        targets = [group["currency"] for group in self.groups] if of_groups else [self.currency]
        for target in targets:
            yield self.content["currency"], target


def _compares_amounts(setting: Content) -> bool:
    """Whether the check is on and has an amount of the policy to compare with."""
    if setting["severity"] == CheckSeverity.OFF:
        return False
    thresholds = THRESHOLDS[setting["check"]]
    return any(Decimal(setting[name]) for name, t in thresholds.items() if t.kind == AMOUNT)


def _own_group(facts: Facts) -> list[Facts]:
    account = facts["account"]
    if not account.get("members"):
        return []
    buckets = (Decimal(account[name]) for name in BUCKETS)
    own = {"used": str(sum(buckets, ZERO)), "segment": facts["segment"]}
    return [{**account, **own}]
