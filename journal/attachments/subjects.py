"""What files can be attached to. Each package declares its own when it gets ready.

Whoever may see a subject sees its files; whoever may attach files at all may attach them to it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.db.models import QuerySet

from staff.models import User


@dataclass(frozen=True)
class Kind:
    """A kind of subject. `seen_by` are those of its rows whose page this user may open, none at
    all without the right to; `page` is that page's address, `order_id` the order on whose timeline
    its files belong.
    """

    code: str
    model: type[models.Model]
    seen_by: Callable[[User], QuerySet]
    page: Callable[[models.Model], str]
    order_id: Callable[[models.Model], int | None] = lambda _subject: None


_kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> None:
    """Let files be attached to such subjects."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind | None:
    """The kind that addresses call `code`."""
    return _kinds.get(code)


def kind_for(subject_type: str) -> Kind:
    """The kind of "app.model". Raises KeyError for what nobody declared."""
    return {kind.model._meta.label_lower: kind for kind in _kinds.values()}[subject_type]
