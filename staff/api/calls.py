"""The log of calls: noted beside the request without a statement, brought to the database later.

A call is put into a queue in Valkey, which costs a fraction of a row of its own; a task empties the
queue every few seconds, and so does whoever opens the log. When Valkey is away a call goes unnoted
rather than unanswered.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

import redis
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from staff.api.models import ApiCall, ApiKey
from staff.api.store import server

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)
_QUEUE = "ordergate.api.calls"
_AT_ONCE = 1_000
# What a queue holds that nobody empties; older calls make room.
_MOST = 100_000


def note(
    key_id: int, request: HttpRequest, response: HttpResponse, at: datetime, seconds: float
) -> None:
    """Remember one call."""
    call = [
        key_id,
        at.isoformat(),
        request.method,
        _plain(request.path, 300),
        response.status_code,
        round(seconds * 1000),
        _plain(request.headers.get("Idempotency-Key", ""), 255),
        "Idempotency-Replayed" in response,
    ]
    try:
        waiting: Any = server().rpush(_QUEUE, json.dumps(call))
        if waiting > _MOST:
            server().ltrim(_QUEUE, -_MOST, -1)
    except redis.RedisError:
        logger.warning("an API call was not noted", exc_info=True)


def settle() -> int:
    """Bring what was noted to the database; how many calls."""
    brought = 0
    while rows := _taken():
        known = set(ApiKey.objects.in_bulk({row[0] for row in rows}))
        made = [_call(row) for row in rows if row[0] in known]
        ApiCall.objects.bulk_create(made)
        for key in known:
            last = max(call.at for call in made if call.key_id == key)
            older = Q(last_used_at__isnull=True) | Q(last_used_at__lt=last)
            ApiKey.objects.filter(older, pk=key).update(last_used_at=last)
        brought += len(made)
    return brought


def prune(at: datetime) -> int:
    """Forget calls older than `KEPT_FOR`; how many."""
    return ApiCall.objects.filter(at__lt=at - KEPT_FOR)._raw_delete("default")


def _taken() -> list[list]:
    try:
        taken: Any = server().lpop(_QUEUE, _AT_ONCE) or []
    except redis.RedisError:
        logger.warning("API calls could not be fetched", exc_info=True)
        return []
    return [json.loads(row) for row in taken]


def _call(row: list) -> ApiCall:
    key_id, at, method, path, status, milliseconds, idempotency_key, replayed = row
    return ApiCall(
        key_id=key_id,
        at=datetime.fromisoformat(at),
        method=method[:7],
        path=path,
        status=status,
        milliseconds=milliseconds,
        idempotency_key=idempotency_key,
        replayed=replayed,
    )


def _plain(text: str, most: int) -> str:
    """What a column of text holds: no NUL, no halves of characters."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:most]
