"""Calls with a key: who acts in them, and that they happened."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from staff.api import calls
from staff.api.authentication import key_of

PREFIX = "/api/v1/"

GetResponse = Callable[[HttpRequest], HttpResponse]


class KeyMiddleware:
    """Puts the service user of a key in the place of whoever a cookie names, in the API only.

    A wrong key is answered by the view, so that it is a refusal that programs read.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        if not header or not request.path.startswith(PREFIX):
            return self.get_response(request)
        began, at = time.perf_counter(), timezone.now()
        try:
            key = key_of(header, at)
        except AuthenticationFailed as refusal:
            request.api_refusal = refusal  # type: ignore[attr-defined]
            return self.get_response(request)
        request.api_key, request.user = key, key.user  # type: ignore[attr-defined]
        response = self.get_response(request)
        calls.note(key.pk, request, response, at, time.perf_counter() - began)
        return response
