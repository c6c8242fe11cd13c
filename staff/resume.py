"""What somebody had typed when the session ended: carried through the sign-in page, not lost.

A form that arrives without a session is answered with the sign-in page. The fields travel in it,
signed, and are offered for sending again to whoever signs in. Passwords and files do not travel.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staff.forms import SignInForm

_SALT = "staff.resume"
_OPEN_FOR = 24 * 3600  # seconds; what was typed longer ago is better typed again


@dataclass(frozen=True)
class Typed:
    """A form that was sent too late: its address and its fields, in order."""

    path: str
    fields: list[tuple[str, str]]
    lost_files: bool


def pack(request: HttpRequest) -> str:
    """The fields of a POST as one signed text."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    content = [request.get_full_path(), fields, bool(request.FILES)]
    return signing.dumps(content, salt=_SALT, compress=True)


def unpack(text: str) -> Typed | None:
    """What `pack` made, or None if it was tampered with, is too old or is not there."""
    try:
        path, fields, lost_files = signing.loads(text, salt=_SALT, max_age=_OPEN_FOR)
    except (signing.BadSignature, ValueError):
        return None
    return Typed(path, [(name, value) for name, value in fields], lost_files)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page in answer to a form that came without a session."""
    context = {"form": SignInForm(request), "next": _page(request), "typed": pack(request)}
    return render(request, "staff/sign_in.html", context, status=403)


def _page(request: HttpRequest) -> str:
    # The page the form stood on, if the browser tells and it is one of this site.
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc != request.get_host():
        return ""
    return urlunsplit(("", "", referer.path, referer.query, ""))
