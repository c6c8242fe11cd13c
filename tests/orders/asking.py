"""Asking an order what a rule would ask it, also while it is a draft."""

from rules.observing import observe
from rules.sentences import sentence
from rules.subjects import get
from tests.factories.moments import NOW


def seen(order, name, operator, value, at=NOW):
    condition = {"fact": f"order.{name}", "op": operator, "value": value}
    return observe(condition, get("order"), order.pk, at)[0]


def verdict(order, name, operator, value, at=NOW):
    """true, false or missing."""
    return seen(order, name, operator, value, at).verdict


def answer(order, name, at=NOW):
    """What a yes-or-no fact says: True, False, or None where data is missing."""
    return {"true": True, "false": False, "missing": None}[verdict(order, name, "is", True, at)]


def value(order, name, at=NOW):
    """The figure that a number says, as text."""
    return seen(order, name, "more_than", "0", at).value


def words(name, operator, value):
    """The comparison as a sentence."""
    return sentence({"fact": f"order.{name}", "op": operator, "value": value}, get("order"))
