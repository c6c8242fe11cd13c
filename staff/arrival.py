"""Where people go once they are signed in."""

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from staff import resume


def wanted(request: HttpRequest) -> str:
    """The page in `next` if it is one of this site, else nothing: no link must lead people away."""
    address = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if safe else ""


def arrive(request: HttpRequest, person: Any) -> HttpResponse:
    """Sign `person` in, then on to `next`, or to sending again what was typed before.

    `person` comes from `authenticate`, which says by which backend.
    """
    login(request, person)
    after = wanted(request)
    if again := resume.unpack(request.POST.get("typed", "")):
        return render(request, "staff/send_again.html", {"typed": again, "next": after})
    return redirect(after or "home")
