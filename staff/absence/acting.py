"""Who acts for whom on a day: substitutes, and the substitutes of substitutes who are away too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

_AWAY = "%(day)s BETWEEN a.first_day AND a.last_day AND (a.back_on IS NULL OR a.back_on > %(day)s)"

# UNION drops what was seen before, so that even a circle made behind the product's back ends.
_ACTING = f"""
WITH RECURSIVE chain (asked, person) AS (
    SELECT u.id, u.id FROM staff_user u WHERE u.id = ANY(%(users)s)
    UNION
    SELECT chain.asked, a.substitute_id
    FROM chain
    JOIN staff_user u ON u.id = chain.person AND u.is_active
    JOIN staff_absence a ON a.user_id = chain.person AND {_AWAY}
    WHERE a.substitute_id IS NOT NULL
)
SELECT chain.asked, chain.person
FROM chain
JOIN staff_user u ON u.id = chain.person AND u.is_active
WHERE NOT EXISTS (SELECT FROM staff_absence a WHERE a.user_id = chain.person AND {_AWAY})
"""  # noqa: S608 - the words are this module's own

_STANDING_IN = f"""
WITH RECURSIVE behind (person, until) AS (
    SELECT a.user_id, a.last_day
    FROM staff_absence a
    JOIN staff_user u ON u.id = a.user_id AND u.is_active
    WHERE a.substitute_id = %(user)s AND {_AWAY}
      AND NOT EXISTS (SELECT FROM staff_absence a WHERE a.user_id = %(user)s AND {_AWAY})
    UNION
    SELECT a.user_id, LEAST(a.last_day, behind.until)
    FROM behind
    JOIN staff_absence a ON a.substitute_id = behind.person AND {_AWAY}
    JOIN staff_user u ON u.id = a.user_id AND u.is_active
)
SELECT u.id, COALESCE(NULLIF(u.full_name, ''), u.username), max(behind.until)
FROM behind JOIN staff_user u ON u.id = behind.person
GROUP BY u.id ORDER BY 3, 2
"""  # noqa: S608 - the words are this module's own


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who is away, and the last day on which the asked person acts for them."""

    user_id: int
    name: str
    until: date


def acting_for(user_ids: Iterable[int], day: date) -> dict[int, int | None]:
    """Who acts for each person on that company day: themselves while they are there.

    Follows the chain while a substitute is away too. None when nobody of the chain is there. A
    closed account counts as away for ever, without a substitute. One query, however long the chain.
    """
    asked = list(set(user_ids))
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ACTING, {"users": asked, "day": day})
        found = dict(cursor.fetchall())
    return {user_id: found.get(user_id) for user_id in asked}


def standing_in(user_id: int, day: date) -> list[StandIn]:
    """For whom the person acts on that company day, whoever returns first coming first.

    The other direction of `acting_for`, in one query. Nobody while the person is away as well.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STANDING_IN, {"user": user_id, "day": day})
        return [StandIn(*row) for row in cursor.fetchall()]
