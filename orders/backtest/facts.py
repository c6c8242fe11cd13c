"""The facts about a past case, in the shape in which `credit.standing` reads the present ones."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from credit.content import Content
from credit.days import company_day
from credit.enums import CheckCode
from credit.money import ZERO
from credit.standing import conversions
from orders.backtest.accounts import Account, OpenInvoice
from orders.backtest.book import Book
from orders.backtest.events import Event
from orders.backtest.exchange import Exchange

# How many overdue invoices a decision names; their sum always counts all. As in standing.sql.
NAMED_INVOICES = 10


@dataclass(frozen=True, slots=True)
class Case:
    """An order, or an invoice that belongs to none, at the moment at which it came."""

    event: Event
    account: Account
    day: date
    currency: str
    order: dict[str, Any]

    @property
    def is_order(self) -> bool:
        return self.event.kind == "order"


def case_of(event: Event, account: Account) -> Case:
    """What the event asks of the account. An invoice asks for its amount on its own terms."""
    detail, total = event.detail or {}, event.amount
    day = company_day(event.at)
    if event.kind == "order":
        paid, currency, days = Decimal(detail["paid"]), detail["currency"], detail["payment_days"]
        need = ZERO if detail["settled"] else max(total - paid, ZERO)
    else:
        paid, currency, need = ZERO, account.currency, total
        days = (date.fromisoformat(detail["due_on"]) - day).days
    order = {
        "total": str(total),
        "paid": str(paid),
        "need": str(need),
        "held": str(ZERO),
        "currency": currency,
        "payment_days": days,
        "first": not account.bought,
    }
    return Case(event, account, day, currency, order)


class Reader:
    """Reads the facts about cases from the book. `today` is the day of the run."""

    def __init__(self, book: Book, exchange: Exchange, today: date) -> None:
        self.book = book
        self.exchange = exchange
        self.today = today

    def read(self, case: Case, content: Content) -> tuple[dict[str, Any], bool]:
        """The facts as `content` looks at them, gate rules left out.

        True with them when a limit of the account or of its groups counts as it is now.
        """
        account, settings = case.account, {row["check"]: row for row in content["checks"]}
        limits, as_now = self._limits(account, case.day, case.event.at)
        groups, groups_as_now = self._groups(account, case.day, case.event.at)
        late = list(account.late(case.day))
        facts = {
            "day": case.day.isoformat(),
            "order": case.order,
            "account": {
                "id": account.pk,
                "name": account.name,
                "currency": account.currency,
                "reserved": str(account.reserved),
                "delivered": str(account.delivered),
                "receivable": str(account.receivable),
                "members": self.book.members_of(account),
                "review_on": account.review_on.isoformat() if account.review_on else None,
                "limits": limits,
            },
            "customer": account.customer,
            "segment": account.segment,
            "groups": groups,
            "overdue": overdue(late, case.day, settings[CheckCode.OVERDUE]),
            "oldest": oldest(late, case.day, settings[CheckCode.OLDEST]),
            "promises": broken(account, case.day, settings[CheckCode.PROMISES]),
            "rules": {},
        }
        sources, targets = conversions(facts, content)
        facts["rates"] = self.exchange.facts(case.day, sources, targets)
        return facts, as_now or groups_as_now

    def _limits(
        self, account: Account, day: date, at: datetime
    ) -> tuple[list[dict[str, Any]], bool]:
        rows, as_now = account.limits_on(day, at, self.today)
        return [row.as_facts() for row in rows], as_now

    def _groups(
        self, account: Account, day: date, at: datetime
    ) -> tuple[list[dict[str, Any]], bool]:
        made, any_as_now = [], False
        for pk in account.ancestors:
            group = self.book.accounts[pk]
            limits, as_now = self._limits(group, day, at)
            any_as_now = any_as_now or as_now
            made.append(
                {
                    "id": pk,
                    "name": group.name,
                    "currency": group.currency,
                    "used": str(group.used),
                    "members": self.book.members_of(group),
                    "limits": limits,
                    "segment": group.segment,
                }
            )
        return made, any_as_now


def overdue(late: list[OpenInvoice], day: date, setting: Content) -> dict[str, Any]:
    """What the check of overdue receivables looks at. `late` are the overdue ones, oldest first."""
    undisputed = [each for each in late if setting["disputed"] or each.open > each.disputed]
    counted = [each for each in undisputed if (day - each.due_on).days > setting["days"]]
    amounts = {
        each.ref: each.open - (ZERO if setting["disputed"] else each.disputed) for each in counted
    }
    return {
        "amount": str(sum(amounts.values(), ZERO)) if counted else "0",
        "days": (day - counted[0].due_on).days if counted else 0,
        "count": len(counted),
        "disputed": str(sum((each.disputed for each in late), ZERO)) if late else "0",
        "invoices": [
            {
                "number": each.number,
                "amount": str(amounts[each.ref]),
                "due_on": each.due_on.isoformat(),
                "days": str((day - each.due_on).days),
            }
            for each in counted[:NAMED_INVOICES]
        ],
    }


def oldest(late: list[OpenInvoice], day: date, setting: Content) -> dict[str, Any]:
    """What the check of the oldest open item looks at."""
    found = next((e for e in late if setting["disputed"] or e.open > e.disputed), None)
    if found is None:
        return {"days": 0, "number": ""}
    return {"days": (day - found.due_on).days, "number": found.number}


def broken(account: Account, day: date, setting: Content) -> int:
    """How many promises were known to be broken, of those due within the policy's days."""
    first = day - timedelta(days=setting["within_days"])
    return sum(1 for due_on in account.broken if first <= due_on < day)
