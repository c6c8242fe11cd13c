"""What other people's middleware does here otherwise."""

from typing import Any

import structlog
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware


class _ForPages:
    """Left out of a call with a key: a program has neither a session nor a page to protect."""

    def __call__(self, request: HttpRequest) -> Any:
        if hasattr(request, "api_key"):
            return self.get_response(request)  # type: ignore[attr-defined]
        return super().__call__(request)  # type: ignore[misc]


class PagePolicy(_ForPages, CSPMiddleware):
    """Which sources a page may load from."""


class PageSession(_ForPages, SessionMiddleware):
    """The session of a browser."""


class PageUser(_ForPages, AuthenticationMiddleware):
    """Who is signed in; a key says itself who calls."""


class PageMessages(_ForPages, MessageMiddleware):
    """What the next page tells of the last one."""


class RequestLog(RequestMiddleware):
    """The log of requests, each with the address of its sender."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """Name the address: that of the connection, or behind a proxy the one that it adds.

        What a sender writes before it into the same header is not believed.
        """
        told = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_HTTPS else ""
        address = told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR")
        structlog.contextvars.bind_contextvars(ip=address)
