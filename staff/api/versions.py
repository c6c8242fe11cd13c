"""Changes that name what they change: by If-Match with an ETag, or by a `version` in the body."""

import re
from typing import Any

from rest_framework.request import Request

from staff.api.problems import CHANGED, NO_VERSION, Problem

_TAG = re.compile(r'(?:W/)?"(?:\d+-)?(\d{1,9})"')


def etag(pk: int, version: int) -> str:
    """The tag of one version of a thing."""
    return f'"{pk}-{version}"'


def seen_version(request: Request, body: dict[str, Any]) -> int:
    """The version that the caller saw.

    Raises Problem where none is named, or where If-Match names none of ours.
    """
    header = request.headers.get("If-Match", "").strip()
    if header:
        found = _TAG.fullmatch(header)
        if found is None:
            raise Problem(CHANGED)
        return int(found.group(1))
    if body.get("version") is None:
        raise Problem(NO_VERSION)
    return int(body["version"])
