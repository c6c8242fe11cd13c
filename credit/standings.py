"""How several customers stand, read in one call and carried along while they order.

What a release changes of the standing (what an account reserves, and what that uses of its groups)
is followed in memory; everything else stays as it was read, because the accounts are locked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from credit.content import Content
from credit.models import CreditAccount
from credit.money import ZERO
from credit.rates import rates_on
from credit.standing import STANDING, question

# What a policy wants to know about an account.
_Question = tuple[Any, ...]


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
        self._accounts, self._at = accounts, at
        wanted: dict[_Question, set[int]] = defaultdict(set)
        for account_id, content in asked:
            wanted[tuple(question(content, at))].add(account_id)
        self._found = {
            (account_id, told): found
            for told, account_ids in wanted.items()
            for account_id, found in _read(account_ids, told)
        }
        # What the members of an account use by currency, as text; never changed, only replaced.
        self._members: dict[int, dict[str, str]] = {
            head["id"]: head["members"]
            for found in self._found.values()
            for head in (found["account"], *found["groups"])
        }
        self._rates: dict[tuple[Any, ...], dict[str, Any]] = {}

    def read(self, *, account_id: int, content: Content) -> dict[str, Any]:
        """What `credit.standing.read` would find now. Raises KeyError for what was not asked."""
        found = self._found[account_id, tuple(question(content, self._at))]
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

    def rates_on(self, day: date, currencies: set[str], into: set[str]) -> dict[str, Any]:
        """What `credit.rates.rates_on` says, asked once."""
        key = (day, frozenset(currencies), frozenset(into))
        if key not in self._rates:
            self._rates[key] = rates_on(day, currencies, into)
        return self._rates[key]

    def follow(self, account: CreditAccount, more: Decimal) -> None:
        """An account came to use so much more, in its own currency; its balances know already."""
        if not more:
            return
        for group_id in account.ancestors:
            members = self._members[group_id]
            used = Decimal(members.get(account.currency, ZERO)) + more
            self._members[group_id] = {**members, account.currency: str(used)}


def _read(account_ids: Iterable[int], told: _Question) -> list[tuple[int, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {STANDING.format(account='id')} FROM unnest(%s::bigint[]) AS asked (id)",  # noqa: S608
            [*told, sorted(account_ids)],
        )
        return list(cursor.fetchall())
