"""The Valkey or Redis server as the API uses it: counters and a queue, neither of them precious."""

from functools import cache

import redis
from django.conf import settings


@cache
def server() -> redis.Redis:
    """The client of this process, with its pool of connections."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
