"""The keys of integrations, for administrators in the browser."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.access import SignedInRequest, needs
from staff.api import calls, lifecycle
from staff.api.forms import CallFilter, KeyForm
from staff.api.lifecycle import KeyRefused
from staff.api.models import ApiCall, ApiKey
from staff.api.scopes import Scope
from staff.keyset import page


@needs("staff.view_apikey")
@require_safe
def key_list(request: SignedInRequest) -> HttpResponse:
    """All keys, those that are good first."""
    at = timezone.now()
    calls.settle()
    keys = ApiKey.objects.select_related("created_by")
    rows = [
        _shown(key, at) for key in keys.order_by(F("revoked_at").desc(nulls_first=True), "name")
    ]
    return render(request, "api/keys.html", {"rows": rows, "at": at, "manages": _manages(request)})


@needs("staff.manage_api_keys")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def key_new(request: SignedInRequest) -> HttpResponse:
    """Make a key; its text is on the answer to this and nowhere else, ever."""
    at = timezone.now()
    form = KeyForm(request.POST or None, today=timezone.localdate(at))
    if form.is_valid():
        try:
            key, text = lifecycle.create_key(
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at,
                by=request.user,
                at=at,
            )
        except KeyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _page(request, key, at, secret=text)
    status = 422 if form.errors else 200
    return render(request, "api/key_new.html", {"form": form}, status=status)


@needs("staff.view_apikey")
@require_safe
def key_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One key: what it may do, and the calls made with it."""
    calls.settle()
    return _page(request, get_object_or_404(ApiKey, pk=pk), timezone.now())


@needs("staff.manage_api_keys")
@require_POST
@never_cache
def key_rotate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the key a new secret, which is on the answer to this and nowhere else."""
    at = timezone.now()
    get_object_or_404(ApiKey, pk=pk)
    try:
        key, text = lifecycle.rotate_key(key_id=pk, by=request.user, at=at)
    except KeyRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("staff:api_key", pk)
    return _page(request, key, at, secret=text)


@needs("staff.manage_api_keys")
@require_POST
def key_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let the key open nothing from now on."""
    get_object_or_404(ApiKey, pk=pk)
    try:
        key = lifecycle.revoke_key(key_id=pk, by=request.user, at=timezone.now())
    except KeyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The key %(name)s is revoked.") % {"name": key.name})
    return redirect("staff:api_key", pk)


def _page(request: SignedInRequest, key: ApiKey, at: Any, secret: str = "") -> HttpResponse:
    form = CallFilter(request.GET)
    found = form.narrow(ApiCall.objects.filter(key=key))
    context = {
        **_shown(key, at),
        "at": at,
        "secret": secret,
        "grace": lifecycle.GRACE,
        "form": form,
        "page": page(found, request, keys=("-at", "-pk")),
        "manages": _manages(request),
    }
    return render(request, "api/key.html", context, status=400 if form.errors else 200)


def _shown(key: ApiKey, at: Any) -> dict[str, Any]:
    labels = dict(Scope.choices)
    scopes = [labels[code] for code in key.scopes if code in labels]
    return {"key": key, "state": key.state_at(at), "scopes": scopes}


def _manages(request: SignedInRequest) -> bool:
    return request.user.has_perm("staff.manage_api_keys")
