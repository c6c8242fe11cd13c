"""Serializers of which one instance serves every request.

DRF makes each field anew whenever a serializer is made, which takes as long as the gate takes to
judge an order. What reads nothing of the request has no need of that.
"""

from functools import cache
from typing import Any, TypeVar

from rest_framework.serializers import BaseSerializer

S = TypeVar("S", bound=type[BaseSerializer[Any]])

_marked: set[type[BaseSerializer[Any]]] = set()


def kept(serializer: S) -> S:
    """Class decorator: neither the serializer nor one within it looks at its `context`.

    The mark is not inherited.
    """
    _marked.add(serializer)
    return serializer


@cache
def kept_one(serializer: type[BaseSerializer[Any]]) -> BaseSerializer[Any] | None:
    """The instance that serves every request; None for a serializer without the mark."""
    return serializer() if serializer in _marked else None
