"""Pages of lists: `results` with the addresses of their neighbours; nothing is counted."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import BadRequest
from django.db import models
from django.utils.translation import gettext as _
from rest_framework.request import Request

from staff.api.problems import BAD_QUERY, Problem
from staff.keyset import Page, page

MOST = 200
USUAL = 50


def page_of(queryset: models.QuerySet[Any], request: Request, keys: Sequence[str]) -> Page:
    """The page that the address asks for, sorted by `keys`. Raises Problem for a wrong address."""
    try:
        return page(queryset, request._request, keys=keys, size=_size(request))
    except BadRequest as error:
        detail = _("This cursor leads nowhere. Take it from next or previous of a page.")
        raise Problem(BAD_QUERY, detail) from error


def links(found: Page, request: Request) -> dict[str, str | None]:
    """The whole addresses of the pages before and after."""
    here = request.build_absolute_uri(request.path)
    return {
        "next": here + found.older if found.older else None,
        "previous": here + found.newer if found.newer else None,
    }


def _size(request: Request) -> int:
    text = request.GET.get("limit", str(USUAL))
    if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= MOST:
        return int(text)
    detail = _("limit is a number from 1 to %(most)s.") % {"most": MOST}
    raise Problem(BAD_QUERY, detail, errors={"limit": [detail]})
