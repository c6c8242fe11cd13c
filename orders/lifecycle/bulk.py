"""Many orders through the gate at once: judged one after the other, read and written together.

The decisions, the ledger and the journal are those that `submit` gives when it is called for each
order in turn: the same pure functions judge, on facts that are followed in memory.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from time import perf_counter

from django.db import transaction

from credit.governing import Governing
from credit.models import CreditAccount, PolicyVersion
from credit.standings import Standings
from orders import gate
from orders.enums import WAITING
from orders.lifecycle import gathering
from orders.lifecycle.answer import REFUSALS, Answer
from orders.lifecycle.books import will_go_on
from orders.lifecycle.steps import ask_approvers
from orders.lifecycle.submitting import guard_submission, put_through
from orders.models import Decision, Order
from staff.bulk import Bulk, reserve_ids
from staff.models import User


@transaction.atomic
def submit_many(*, order_ids: Sequence[int], by: User, at: datetime) -> list[Answer]:
    """Put drafts through the gate in the given order, as `submit` does with one; all in one go.

    The answers are in the same order. An order that is refused (PermissionDenied,
    Order.DoesNotExist, WrongState, or OrderError) leaves no trace and does not keep the others from
    being submitted. All accounts stay locked until the transaction ends, so take a few hundred at a
    time. Raises OrderError when an account is just changing its group; then nothing has happened.
    """
    submission = _Submission(order_ids, by, at)
    answers = submission.carry_out()
    for answer in answers:
        if answer.order is None or answer.decision is None:
            continue
        if answer.order.state in WAITING:
            ask_approvers(answer.order, answer.decision, by=by, at=at)
        else:
            # Not now: each would want the locks of goods that another order holds.
            will_go_on(answer.order, at)
    return answers


class _Submission:
    """One batch: what was read, what is known by now, and what waits to be written."""

    def __init__(self, order_ids: Sequence[int], by: User, at: datetime) -> None:
        self.order_ids, self.by, self.at = order_ids, by, at
        began = perf_counter()
        locked = gathering.lock_many(order_ids)
        self.orders = locked.orders
        self.with_lines = gathering.with_lines(locked.orders.values())
        self.prepared = gathering.before(list(locked.orders))
        self.standings = Standings(locked.accounts, self._asked(), at)
        self.released: set[int] = set()
        self.batch = Bulk()
        self.numbers = iter(reserve_ids(Decision, len(order_ids)))
        # Each order's share of the time that reading all of them took.
        self.share = (perf_counter() - began) / max(len(order_ids), 1)

    def _asked(self) -> Iterator[tuple[int, gate.Content]]:
        """Whose standing is needed, under which policies."""
        for order_id, prepared in self.prepared.items():
            account_id = self.orders[order_id].account_id
            yield account_id, prepared.policy.content
            if prepared.policy.shadow:
                yield account_id, prepared.policy.shadow

    def carry_out(self) -> list[Answer]:
        answers: dict[int, Answer] = {}
        for wave in self._waves():
            if answers:
                # What orders look like by now is seen by the rules of the next wave.
                self.batch.send_updates()
            began = perf_counter()
            ids = [self.order_ids[place] for place in wave]
            known = {
                order_id: self.prepared[order_id] for order_id in ids if order_id in self.prepared
            }
            asked = gathering.with_rules(known, self.at)
            share = self.share + (perf_counter() - began) / len(wave)
            for place, order_id in zip(wave, ids, strict=True):
                answers[place] = self._answer(order_id, asked.get(order_id), share)
        self.batch.send()
        return [answers[place] for place in range(len(self.order_ids))]

    def _waves(self) -> list[list[int]]:
        """The places of the orders, in waves in which none changes what rules see of another.

        Where gate rules look at a customer's other orders, each of them gets a wave of its own.
        Accounts that share a group keep their turns, because one may use up what another needs.
        """
        waves: dict[int, list[int]] = defaultdict(list)
        turn: dict[int, int] = defaultdict(int)
        met: dict[tuple[int, int], int] = {}
        for place, order_id in enumerate(self.order_ids):
            order, prepared = self.orders.get(order_id), self.prepared.get(order_id)
            if order is None or prepared is None:
                waves[0].append(place)
                continue
            family = (order.account.ancestors or [order.account_id])[-1]
            if gathering.looks_at_others(prepared.policy):
                key = (family, order.customer_id)
                turn[family] = max(turn[family], met.get(key, -1) + 1)
                met[key] = turn[family]
            waves[turn[family]].append(place)
        return [waves[number] for number in sorted(waves)]

    def _answer(self, order_id: int, prepared: gate.Prepared | None, share: float) -> Answer:
        order = self.orders.get(order_id)
        try:
            if order is None:
                raise Order.DoesNotExist
            if prepared is None:
                raise PolicyVersion.DoesNotExist
            return Answer(order, self._submit(order, prepared, share))
        except REFUSALS as refusal:
            return Answer(order, refusal=refusal)

    def _submit(self, order: Order, prepared: gate.Prepared, share: float) -> Decision:
        guard_submission(order, self.by, lambda: order.pk in self.with_lines)
        first = prepared.first and order.customer_id not in self.released
        prepared = replace(prepared, first=first, began=perf_counter() - share)
        account, used = order.account, order.account.used
        reading = self._reading(account, prepared.policy)
        result = gate.check(prepared, account, order, self.at, reading=reading)
        made = put_through(account, order, result, by=self.by, at=self.at, batch=self.batch)
        self.standings.follow(account, account.used - used)
        if order.approved_at:
            self.released.add(order.customer_id)
        return made

    def _reading(self, account: CreditAccount, policy: Governing) -> gate.Reading:
        read = partial(self.standings.read, account_id=account.pk)
        return gate.Reading(
            standing=read(content=policy.content),
            shadow=policy.shadow and read(content=policy.shadow),
            number=next(self.numbers),
            rates=self.standings.rates_on,
        )
