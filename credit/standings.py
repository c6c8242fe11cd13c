"""How several customers stand, read in one call and carried along while they order.

What a release changes of the standing (what an account reserves, and what that uses of its groups)
is followed in memory; everything else stays as it was read, because the accounts are locked.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from credit.content import Content
from credit.days import company_day
from credit.models import CreditAccount
from credit.money import ZERO
from credit.rates import rates_on
from credit.standing import as_facts, asked_by, conversions

_STANDINGS = """
    SELECT asked.place, credit_standing(
        asked.account, %s, asked.overdue_days, asked.overdue_disputed, asked.oldest_disputed,
        asked.promise_days
    )
    FROM unnest(%s::int[], %s::bigint[], %s::int[], %s::boolean[], %s::boolean[], %s::int[])
        AS asked (place, account, overdue_days, overdue_disputed, oldest_disputed, promise_days)
"""
# An account, and what a policy wants to know about it.
_Asked = tuple[int, tuple[Any, ...]]


class Standings:
    """The standing of locked accounts as of `at`, under each policy that asks about them.

    `accounts` are the locked ones with all groups above them, by id; their balances are followed,
    so whoever posts to the ledger must bring these instances along.
    """

    def __init__(
        self,
        accounts: Mapping[int, CreditAccount],
        asked: Iterable[tuple[int, Content]],
        at: datetime,
    ) -> None:
        self._accounts = accounts
        self._at = at
        self._day = company_day(at)
        wanted = {(account_id, asked_by(content)) for account_id, content in asked}
        self._found = self._read(sorted(wanted))
        # What the members of an account use by currency, as text; never changed, only replaced.
        self._members: dict[int, dict[str, str]] = {
            head["id"]: head["members"]
            for found in self._found.values()
            for head in (found["account"], *found["groups"])
        }
        self._rates: dict[tuple[frozenset[str], frozenset[str]], dict[str, Any]] = {}

    def _read(self, asked: list[_Asked]) -> dict[_Asked, dict[str, Any]]:
        rows = [(place, account, *settings) for place, (account, settings) in enumerate(asked)]
        if not rows:
            return {}
        with connection.cursor() as cursor:
            arrays = [list(values) for values in zip(*rows, strict=True)]
            cursor.execute(_STANDINGS, [self._day, *arrays])
            return {asked[place]: found for place, found in cursor.fetchall()}

    def read(
        self, *, account_id: int, order: dict[str, Any], content: Content, at: datetime
    ) -> dict[str, Any]:
        """The facts that `credit.standing.read` would find now. A `credit.standing.Reader`.

        Raises KeyError for an account, and ValueError for a moment, that was not asked about.
        """
        if at != self._at:
            raise ValueError("These standings were read as of another moment.")
        facts = as_facts(self._current(account_id, content), order, self._day)
        sources, into = map(frozenset, conversions(facts, content))
        if (sources, into) not in self._rates:
            self._rates[sources, into] = rates_on(self._day, sources, into)
        return facts | {"rates": self._rates[sources, into]}

    def _current(self, account_id: int, content: Content) -> dict[str, Any]:
        found = self._found[account_id, asked_by(content)]
        account = {
            **found["account"],
            "reserved": str(self._accounts[account_id].reserved),
            "members": self._members[account_id],
        }
        groups = [
            {
                **group,
                "used": str(self._accounts[group["id"]].used),
                "members": self._members[group["id"]],
            }
            for group in found["groups"]
        ]
        return {**found, "account": account, "groups": groups}

    def follow(self, account: CreditAccount, more: Decimal) -> None:
        """An account came to use so much more, in its own currency; its balances know already."""
        if not more:
            return
        for group_id in account.ancestors:
            members = self._members[group_id]
            used = Decimal(members.get(account.currency, ZERO)) + more
            self._members[group_id] = {**members, account.currency: str(used)}
