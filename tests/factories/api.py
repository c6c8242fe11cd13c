"""Keys of integrations, and a client that calls with one as a program does."""

import json
from itertools import count
from typing import Any

from django.test import Client

from staff.api import lifecycle
from staff.api.scopes import Scope
from tests.factories.moments import NOW
from tests.factories.staff import person

_number = count(1)


def key(*scopes, by=None, at=NOW, expires_at=None, name=None):
    """A key with its text; without scopes it may enter and submit orders."""
    return lifecycle.create_key(
        name=name or f"System {next(_number)}",
        scopes=scopes or (Scope.ORDERS,),
        expires_at=expires_at,
        by=by or person("administrator"),
        at=at,
    )


class Caller:
    """Calls the API; every post has a new idempotency key unless one is given."""

    def __init__(self, text: str = "", user: Any = None, csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=csrf)
        self.headers = {"Authorization": f"Bearer {text}"} if text else {}
        if user:
            self.client.force_login(user, "django.contrib.auth.backends.ModelBackend")

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path, body=None, *, once=None, **headers):
        return self.send("post", path, body, once=once, **headers)

    def put(self, path, body=None, *, once=None, **headers):
        return self.send("put", path, body, once=once, **headers)

    def send(self, method, path, body=None, *, once=None, **headers):
        """`once` is the idempotency key; "" sends none."""
        once = f"call-{next(_number)}" if once is None else once
        sent = self.headers | headers | ({"Idempotency-Key": once} if once else {})
        return getattr(self.client, method)(
            f"/api/v1/{path}",
            json.dumps({} if body is None else body),
            content_type="application/json",
            headers=sent,
        )


def caller(*scopes, **values):
    """A client with a new key that may do this."""
    return Caller(key(*scopes, **values)[1])
