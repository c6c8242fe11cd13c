"""The sweep: every past case before the gate, in the order of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from credit.checks import CheckResult
from credit.content import Content
from credit.days import company_day, start_of
from credit.enums import CheckSeverity
from orders import gate
from orders.backtest import accounts
from orders.backtest.book import Book
from orders.backtest.enums import Ending
from orders.backtest.events import Event, events
from orders.backtest.exchange import Exchange
from orders.backtest.facts import Case, Reader, case_of
from orders.gate_rules import ask_rules
from rules import subjects
from rules.conditions import comparisons, parse


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one version says about a case. `limit_as_now`: a limit of it had no history yet.

    `asked_as_now` names the facts its gate rules asked for that keep no history at all.
    """

    facts: dict[str, Any]
    checks: list[CheckResult]
    limit_as_now: bool
    has_rules: bool
    asked_as_now: frozenset[str] = frozenset()

    @property
    def reasons(self) -> list[CheckResult]:
        return gate.blocking(self.checks)

    @property
    def held(self) -> bool:
        return bool(self.reasons)

    @property
    def excess(self) -> Decimal:
        """By how much a limit would have been passed, in the account's currency."""
        return gate.excess_of(self.facts, self.checks)


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, what each version says about it, and what came of it in the end."""

    case: Case
    judgements: list[Judgement]
    ending: Ending
    days_late: int | None


def judged(
    contents: Sequence[Content], basis: str, since: date, until: date, today: date
) -> Iterator[Judged]:
    """Every case from `since` to `until` before each of the contents, as of its own moment.

    Reads each table once, however many cases there are; gate rules alone cost a query for each
    order and version that has any. What is in memory grows with the accounts and with what is open
    at one time, not with the length of history.
    """
    exchange = Exchange()
    book = Book(basis, accounts.load(), exchange)
    without_history = [_without_history(content) for content in contents]
    reader, start = Reader(book, exchange, today), start_of(since)
    for event in events(basis, since, until):
        if event.at >= start and book.is_case(event):
            case = case_of(event, book.accounts[event.account])
            judgements = [
                _judge(case, reader, content, names)
                for content, names in zip(contents, without_history, strict=True)
            ]
            yield Judged(case, judgements, *_ending(event, case.order["payment_days"], today))
        book.apply(event)


def _without_history(content: Content) -> frozenset[str]:
    """The facts that gate rules of the version ask for as they are now, whatever the moment."""
    subject = subjects.get("order")
    asked = [
        comparison.fact
        for rule in content["rules"]
        if rule["severity"] != CheckSeverity.OFF
        for comparison in comparisons(parse(rule["condition"], subject))
    ]
    return frozenset(fact.name for fact in asked if fact.as_now)


def _judge(case: Case, reader: Reader, content: Content, as_of_now: frozenset[str]) -> Judgement:
    facts, as_now = reader.read(case, content)
    if case.is_order:
        facts["rules"] = ask_rules(content, case.event.ref, case.event.at)
    asked = as_of_now if case.is_order else frozenset()
    return Judgement(facts, gate.judge(facts, content), as_now, bool(content["rules"]), asked)


def _ending(event: Event, payment_days: int, today: date) -> tuple[Ending, int | None]:
    """What came of the case, and how many days after its due day it was paid.

    An order without an invoice was due when its payment terms ran out. What is not paid by `today`
    is late by the days since.
    """
    detail: dict[str, Any] = event.detail or {}
    if detail.get("cancelled"):
        return Ending.CANCELLED, None
    begun = company_day(event.at)
    due = _day(detail["due_on"]) or date.fromordinal(begun.toordinal() + payment_days)
    paid = None if detail.get("written_off") else _day(detail["paid_on"])
    if paid:
        late = (paid - due).days
        return (Ending.LATE, late) if late > 0 else (Ending.ON_TIME, None)
    late = (today - due).days
    return (Ending.NEVER, late) if late > 0 else (Ending.NOT_DUE, None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
