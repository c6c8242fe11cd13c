"""Pages that belong to no package: search, preferences, health, errors."""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import activate
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from config import cockpit
from config import health as health_checks
from config import search as find
from staff.absence.acting import standing_in
from staff.access import SignedInRequest, public, signed_in
from staff.api import problems
from staff.api.middleware import PREFIX
from staff.days import company_day
from staff.enums import Theme

YEAR = 365 * 24 * 3600


@signed_in
@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """The first page after signing in: what waits, what is about to be late, the business."""
    at, user = timezone.now(), request.user
    context = {
        "tiles": cockpit.tiles(user, at),
        "lists": cockpit.worklists(user, at),
        "standing_in": standing_in(user.pk, company_day(at)),
        "chart": cockpit.gate_chart(user, at) if user.has_perm("orders.view_order") else None,
    }
    return render(request, "config/home.html", context)


@signed_in
@require_GET
def search(request: SignedInRequest) -> HttpResponse:
    """Orders, customers, tickets and products that match `q` and that this person may see."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    groups = find.everything(request.user, words)
    if hit := find.exact(groups, words):
        return redirect(hit.url)
    return render(request, "config/search.html", {"words": words, "groups": groups})


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch to another language; whoever is signed in keeps it."""
    response = set_language(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        activate(chosen)
        if request.user.is_authenticated:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
    return response


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Switch between light, dark and the system's own; whoever is signed in keeps it."""
    chosen = request.POST.get("theme", "")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    response = redirect(back if safe else settings.LOGIN_REDIRECT_URL)
    if chosen in Theme.values:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", httponly=True)
        if request.user.is_authenticated:
            request.user.theme = chosen
            request.user.save(update_fields=["theme"])
    return response


@public
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether this process answers at all; asks nothing of anybody else."""
    return JsonResponse({"status": "ok"})


@public
@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Whether people can be served: 503 while an essential part is missing."""
    checks = health_checks.checks(time.time())
    fit = all(check.ok for check in checks if check.essential)
    parts = {check.name: "ok" if check.ok else "failing" for check in checks}
    return JsonResponse({"status": "ok" if fit else "failing", **parts}, status=200 if fit else 503)


def _of_api(request: HttpRequest) -> bool:
    """Whether a program asked, which reads problems rather than pages."""
    return request.path.startswith(PREFIX)


@public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What came in was not understood."""
    if _of_api(request):
        return problems.respond(problems.MALFORMED, request)
    return render(request, "errors/400.html", status=400)


@public
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The person may not do this; the refusal's own words are shown if it has any."""
    if _of_api(request):
        return problems.respond(problems.FORBIDDEN, request)
    return render(request, "errors/403.html", {"reason": str(exception)}, status=403)


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page, or none this person may see."""
    if _of_api(request):
        return problems.respond(problems.NOT_FOUND, request)
    return render(request, "errors/404.html", status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Our own mistake; the page asks for neither user nor database, either may be the cause."""
    if _of_api(request):
        return problems.respond(problems.FAILED, request)
    return HttpResponse(render_to_string("errors/500.html"), status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened too long ago, or cookies are off."""
    return render(request, "errors/csrf.html", status=403)
