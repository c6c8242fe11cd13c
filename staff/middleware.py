"""What happens to every request because of who sends it: preferences, and the access check."""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from staff import resume, zones
from staff.access import ByMethod, access_of
from staff.enums import Theme
from staff.second_step import required

logger = logging.getLogger(__name__)

OPEN_WITHOUT_SECOND_STEP = {
    "staff:second_step", "staff:second_step_on", "staff:sign_out",
    "set_language", "set_theme", "health", "ready",
}  # fmt: skip

GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Answer in the language and time zone of whoever is signed in; `request.theme` for the page.

    Without a preference the language stays what LocaleMiddleware found (cookie, then browser), the
    zone that of the server, and the theme that of the cookie.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        theme = user.theme if user.is_authenticated else request.COOKIES.get("theme")
        request.theme = theme if theme in Theme.values else Theme.SYSTEM.value  # type: ignore[attr-defined]
        if user.is_authenticated and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        zone = zones.known(user.time_zone) if user.is_authenticated else None
        with timezone.override(zone) if zone else nullcontext():
            return self.get_response(request)


class AccessMiddleware:
    """Let a request through to its view only if the view's mark (`staff.access`) allows it.

    Whoever must have a second step of signing in and has none gets no further than setting it up.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.second_step_missing = required.missing(request.user)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None to go on, a way to the sign-in or the set-up page, or PermissionDenied."""
        user, access = request.user, access_of(view)
        if "admin" in request.resolver_match.app_names:  # type: ignore[union-attr]
            allowed = user.is_authenticated and user.is_staff
        else:
            if access is None:
                logger.error("unclassified view denied: %s", request.resolver_match.view_name)  # type: ignore[union-attr]
                raise PermissionDenied
            # An API view asks the mark itself, and answers so that programs understand.
            allowed = isinstance(access, ByMethod) or access.allows(user)
        if allowed:
            # The API refuses by itself here too.
            waits = request.second_step_missing and not isinstance(access, ByMethod)  # type: ignore[attr-defined]
            return _to_set_up(request) if waits else None
        if user.is_authenticated:
            raise PermissionDenied
        return _to_sign_in(request)


def _to_set_up(request: HttpRequest) -> HttpResponse | None:
    """The way to the page where a second step is set up; None where one may be without."""
    if request.resolver_match.view_name in OPEN_WITHOUT_SECOND_STEP:  # type: ignore[union-attr]
        return None
    page = reverse("staff:second_step")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(page)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return redirect(page)
    return redirect_to_login(request.get_full_path(), page)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to sign in, and from there back, with nothing lost that was typed."""
    if request.htmx:  # type: ignore[attr-defined]
        # What was asked for is a fragment; the page around it is the one to come back to. The
        # page's own script keeps what was typed into it.
        page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(redirect_to_login(page, settings.LOGIN_URL).url)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return resume.ask_to_sign_in(request)
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
