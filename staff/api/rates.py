"""How often one may call: so many times a minute, counted for each key and each person."""

import logging
import time
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from rest_framework.exceptions import Throttled

from staff.api.store import server

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds


@dataclass(frozen=True)
class Rate:
    """What is left in this window, and in how many seconds the next one begins."""

    most: int
    left: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """As drafted by the IETF working group on HTTP APIs."""
        return {
            "RateLimit-Policy": f'"default";q={self.most};w={WINDOW}',
            "RateLimit": f'"default";r={self.left};t={self.seconds}',
        }


def spend(subject: str) -> Rate | None:
    """Count one call of the subject. One command; None where the counter is away.

    Raises Throttled beyond `settings.API_CALLS_PER_MINUTE`.
    """
    now, most = int(time.time()), settings.API_CALLS_PER_MINUTE
    name = f"ordergate.api.rate:{subject}:{now // WINDOW}"
    try:
        spent: Any = server().incr(name)
        if spent == 1:
            server().expire(name, 2 * WINDOW)
    except redis.RedisError:
        logger.warning("API calls are not limited now", exc_info=True)
        return None
    seconds = WINDOW - now % WINDOW
    if spent > most:
        raise Throttled(wait=seconds)
    return Rate(most, most - spent, seconds)
