"""A second, independent reading of conditions, in plain Python, to hold the SQL against.

Outcomes are True, False and None for missing data.
"""

import unicodedata
from datetime import timedelta
from decimal import Decimal

COMPARE = {
    "more_than": lambda a, b: a > b,
    "at_least": lambda a, b: a >= b,
    "less_than": lambda a, b: a < b,
    "at_most": lambda a, b: a <= b,
}


def outcome(condition, parcel, at, words):
    if "not" in condition:
        inner = outcome(condition["not"], parcel, at, words)
        return None if inner is None else not inner
    for joiner, decisive in (("all", False), ("any", True)):
        if joiner in condition:
            parts = [outcome(part, parcel, at, words) for part in condition[joiner]]
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
    fact = condition["fact"].removeprefix("parcel.")
    return LEAVES[fact](parcel, condition["op"], condition["value"], at, words)


def _fold(text):
    return unicodedata.normalize("NFKC", text).lower()


def _since_payment(parcel, op, value, at, words):
    if parcel.paid_at is None or parcel.paid_at > at:
        return None
    seconds = {"minutes": 60, "hours": 3600, "days": 86400}[value["unit"]]
    length = timedelta(seconds=float(Decimal(value["amount"]) * seconds))
    return COMPARE[op](at - parcel.paid_at, length)


def _shipped(parcel, op, value, at, words):
    return (parcel.shipped_at is not None and parcel.shipped_at <= at) == value


def _total(parcel, op, value, at, words):
    if parcel.total is None or parcel.currency != value["currency"]:
        return None
    return COMPARE[op](parcel.total, Decimal(value["amount"]))


def _margin(parcel, op, value, at, words):
    if parcel.net is None or parcel.cost is None or parcel.net <= 0:
        return None
    return COMPARE[op]((parcel.net - parcel.cost) * 100, Decimal(value) * parcel.net)


def _plain(name):
    def answer(parcel, op, value, at, words):
        seen = getattr(parcel, name)
        return None if seen is None else COMPARE[op](seen, Decimal(value))

    return answer


def _address(parcel, op, value, at, words):
    if parcel.address is None:
        return None
    text = _fold(parcel.address)
    if op == "contains_any_of":
        return any(_fold(word) in text for word in words)
    return _fold(value) in text if op == "contains" else _fold(value) == text


def _state(parcel, op, value, at, words):
    return None if parcel.state is None else parcel.state in value


def _held(parcel, op, value, at, words):
    return None if parcel.held is None else parcel.held == value


LEAVES = {
    "since_payment": _since_payment,
    "shipped": _shipped,
    "total": _total,
    "margin": _margin,
    "discount": _plain("discount"),
    "pieces": _plain("pieces"),
    "address": _address,
    "state": _state,
    "held": _held,
}
