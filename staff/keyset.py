"""Pages of long lists that cost the same at the first row and at the millionth.

A page begins where another ended: the address carries the sort values of the edge row
(`?after=` / `?before=`), nothing is counted and nothing is skipped over.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the addresses of its neighbours where there are any."""

    rows: list[Any]
    newer: str | None
    older: str | None


def page(
    queryset: models.QuerySet[Any], request: HttpRequest, *, keys: Sequence[str], size: int = 50
) -> Page:
    """The page of `queryset` that the request's address asks for.

    `keys` are the columns or annotations to sort by, "-" before those that descend; together they
    must be unique and none may be null, so end with "pk" or "-pk". Raises BadRequest for a broken
    address.
    """
    before, after = request.GET.get("before"), request.GET.get("after")
    backwards = bool(before) and not after
    order = [_turned(key) for key in keys] if backwards else list(keys)
    rows = queryset.order_by(*order)
    cursor = before if backwards else after
    if cursor:
        rows = rows.filter(_beyond(queryset, order, _read(cursor, len(order))))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_newer = more if backwards else bool(cursor)
    has_older = bool(found) if backwards else more
    return Page(
        found,
        _address(request, "before", found[0], keys) if has_newer and found else None,
        _address(request, "after", found[-1], keys) if has_older and found else None,
    )


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(queryset: models.QuerySet[Any], keys: Sequence[str], values: list[Any]) -> Q:
    """Rows that come after `values` in the order of `keys`."""
    beyond, equal = Q(), Q()
    for key, raw in zip(keys, values, strict=True):
        name, comparison = (key[1:], "lt") if key.startswith("-") else (key, "gt")
        value = _value(queryset, name, raw)
        beyond |= equal & Q(**{f"{name}__{comparison}": value})
        equal &= Q(**{name: value})
    # Said once more for the first column alone, so that its index bounds the search.
    first = keys[0].lstrip("-")
    bound = "lte" if keys[0].startswith("-") else "gte"
    return Q(**{f"{first}__{bound}": _value(queryset, first, values[0])}) & beyond


def _value(queryset: models.QuerySet[Any], name: str, raw: Any) -> Any:
    if not isinstance(raw, int | str) or "\x00" in str(raw):
        raise _broken()
    field: Any = queryset.query.annotations.get(name) or _column(queryset.model, name)
    try:
        return getattr(field, "output_field", field).to_python(raw)
    except ValidationError as error:
        raise _broken() from error


def _column(model: type[models.Model], name: str) -> Any:
    *path, last = name.split("__")
    for step in path:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    return model._meta.pk if last == "pk" else model._meta.get_field(last)


def _read(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=="))
    except ValueError as error:
        raise _broken() from error
    if not isinstance(values, list) or len(values) != length:
        raise _broken()
    return values


def _address(request: HttpRequest, name: str, row: Any, keys: Sequence[str]) -> str:
    values = []
    for key in keys:
        value = row
        for step in key.lstrip("-").split("__"):
            value = getattr(value, step)
        values.append(value if isinstance(value, int) else str(value))
    query = request.GET.copy()
    for stale in ("before", "after"):
        query.pop(stale, None)
    query[name] = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    return f"?{query.urlencode()}"


def _broken() -> BadRequest:
    return BadRequest(_("This address is incomplete. Open the list again from the menu."))
