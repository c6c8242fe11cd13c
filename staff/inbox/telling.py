"""Telling people something, once each."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from staff.inbox import kinds

# One statement, so that exactly those who were told now, and not before, get a mail. People come in
# the order of their ids: two who tell the same people wait for each other, never in a ring.
_TELL = """
WITH told AS (
    INSERT INTO staff_notice ("to_id", "kind", "data", "path", "key", "at")
    SELECT person.id, %(kind)s, %(data)s::jsonb, %(path)s, %(key)s, %(at)s
    FROM staff_user person
    WHERE person.id = ANY(%(to)s) AND person.is_active
    ORDER BY person.id
    ON CONFLICT ("to_id", "key") DO NOTHING
    RETURNING id, to_id
), posted AS (
    INSERT INTO staff_delivery
        ("notice_id", "channel", "state", "attempts", "since", "next_at", "cause", "last_error")
    SELECT told.id, 'mail', 'pending', 0, %(at)s, %(at)s, '', ''
    FROM told JOIN staff_user person ON person.id = told.to_id
    WHERE %(mail)s AND person.email <> '' AND NOT EXISTS (
        SELECT FROM staff_unwanted unwanted
        WHERE unwanted.user_id = person.id AND unwanted.kind = %(kind)s
    )
    RETURNING id
)
SELECT count(*) FROM posted
"""


def notify(
    *, to: Iterable[int], kind: str, data: Mapping[str, Any], path: str, key: str, at: datetime
) -> None:
    """Tell the people with these ids something, inside the caller's transaction.

    `data` is what the sentences of the kind need: names, numbers, amounts as strings. `path` is
    the page of this product to look at. Who was told under the same `key` before is not told
    again; closed accounts are told nothing. Mail leaves after the commit.
    Raises KeyError for a kind that nobody declares, ValueError for a path to elsewhere.
    """
    if not kinds.is_declared(kind):
        raise KeyError(kind)
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        raise ValueError(f"{path!r} is not an address inside the product")
    values: dict[str, Any] = {
        "to": sorted(set(to)),
        "kind": kind,
        "data": json.dumps(data, cls=DjangoJSONEncoder),
        "path": path,
        "key": key,
        "at": at,
        "mail": settings.NOTICES_BY_MAIL,
    }
    if not values["to"]:
        return
    with connection.cursor() as cursor:
        cursor.execute(_TELL, values)
        posted = cursor.fetchone()[0]
    if posted:
        # Should the broker be away, the next round of the clock sends them.
        transaction.on_commit(_send_soon, robust=True)


def settle(*, keys: Collection[str], at: datetime) -> None:
    """Mark as read, for everybody, what was told under these keys and asks nothing any more."""
    if keys:
        unread = apps.get_model("staff", "Notice").objects.unread()
        unread.filter(key__in=keys).update(read_at=at)


def _send_soon() -> None:
    from staff.tasks import deliver_notices  # which sends, and so needs the models

    deliver_notices.apply_async(expires=60, retry=False)
