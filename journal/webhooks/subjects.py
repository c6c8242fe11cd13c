"""What people call the things that entries are about. Their models live above this app."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

ORDER = "orders.order"
# Where a model has one of these, it is its number for people.
_NUMBERS = ("number", "code", "sku")

Thing = tuple[str, int]


def numbers_of(things: Iterable[Thing]) -> dict[Thing, str]:
    """What people call things, in one query for each kind; those without a number are missing."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, pk in things:
        by_kind[kind].add(pk)
    found: dict[Thing, str] = {}
    for kind, pks in by_kind.items():
        model, name = _named(kind)
        if model is None or name is None:
            continue
        rows = model._default_manager.filter(pk__in=pks).values_list("pk", name)
        found |= {(kind, pk): str(number) for pk, number in rows if number is not None}
    return found


def find_order(number: str) -> int | None:
    """The order with this number."""
    model, name = _named(ORDER)
    if model is None or name is None or "\x00" in number:
        return None
    found = model._default_manager.filter(**{name: number.strip()})
    return found.values_list("pk", flat=True).first()


def put_into_words(messages: Iterable[Any]) -> None:
    """Give each message its `subject_text`: "order SO-1", or "person 7" without a number."""
    lanes = {message.pk: _thing(message.lane) for message in messages}
    numbers = numbers_of(lanes.values())
    for message in messages:
        kind, pk = lanes[message.pk]
        model, _name = _named(kind)
        label = model._meta.verbose_name if model else kind
        message.subject_text = f"{label} {numbers.get((kind, pk), pk)}"


def _thing(lane: str) -> Thing:
    kind, _space, pk = lane.partition(" ")
    return kind, int(pk)


def _named(kind: str) -> tuple[type[models.Model] | None, str | None]:
    """The model of a kind and its column with the number, as far as there are such."""
    try:
        model = apps.get_model(kind)
    except LookupError:
        return None, None
    for name in _NUMBERS:
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return model, name
    return model, None
