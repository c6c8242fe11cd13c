"""Settling promises, against a second opinion that counts coin by coin."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from credit.promises import Paid, Promised, kept

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 6).map(lambda days: FIRST + timedelta(days=days))
ORDERS = st.sampled_from([None, 7, 8])
PROMISES = st.lists(st.tuples(st.integers(1, 6), DAYS, st.integers(0, 4), ORDERS), max_size=5)
MONEY = st.lists(st.tuples(st.integers(1, 8), DAYS, st.sampled_from([None, 0, 7, 8])), max_size=6)


def coin_by_coin(promises, money):
    """How many coins each promise gets, when each takes its turn at one heap of coins."""
    heap = [
        (on, place, order) for place, (coins, on, order) in enumerate(money) for _ in range(coins)
    ]
    heap.sort(key=lambda coin: coin[:2])
    turns = sorted(range(len(promises)), key=lambda at: (promises[at][1] + _days(promises[at]), at))
    got = dict.fromkeys(turns, 0)
    for at in turns:
        amount, since, _length, order = promises[at]
        for wanted in [order, None] if order else [None, "else"]:
            for coin in list(heap):
                fits = coin[2] == wanted or wanted == "else"
                in_time = since <= coin[0] <= since + _days(promises[at])
                if fits and in_time and got[at] < amount:
                    heap.remove(coin)
                    got[at] += 1
    return got


def _days(promise):
    return timedelta(days=promise[2])


@settings(max_examples=400, deadline=None)
@given(promises=PROMISES, money=MONEY)
def test_kept_agrees_with_counting_coin_by_coin(promises, money):
    asked = [
        Promised(at, Decimal(amount), since, since + timedelta(days=length), order)
        for at, (amount, since, length, order) in enumerate(promises)
    ]
    paid = [Paid(Decimal(coins), on, order) for coins, on, order in money]
    assert kept(asked, paid) == coin_by_coin(promises, money)


@settings(max_examples=200, deadline=None)
@given(promises=PROMISES, money=MONEY)
def test_kept_never_counts_money_twice(promises, money):
    asked = [
        Promised(at, Decimal(amount), since, since + timedelta(days=length), order)
        for at, (amount, since, length, order) in enumerate(promises)
    ]
    came = kept(asked, [Paid(Decimal(coins), on, order) for coins, on, order in money])
    assert sum(came.values()) <= sum(coins for coins, _on, _order in money)
    assert all(came[one.pk] <= one.amount for one in asked)
