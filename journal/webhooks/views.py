"""Webhooks: which there are, setting one up, how it does."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from journal.webhooks import lifecycle, payload, signing, topics
from journal.webhooks.enums import EndpointState
from journal.webhooks.errors import WebhookError
from journal.webhooks.forms import EndpointForm, MessageFilter, ReplayForm, RotateForm
from journal.webhooks.listing import foresee, health, healths, log, tabs, view_of
from journal.webhooks.models import WebhookEndpoint, WebhookMessage, WebhookSecret
from journal.webhooks.policies import MANAGE, can_manage_webhooks
from journal.webhooks.querysets import VIEW
from journal.webhooks.subjects import put_into_words
from staff.access import SignedInRequest, needs
from staff.keyset import page

SHOWN = "webhook_secret"  # in the session: the secret that the next page shows, once


@needs(VIEW)
@require_safe
def endpoints(request: SignedInRequest) -> HttpResponse:
    """All webhooks and how they do."""
    context = {"healths": healths(request.user), "may_manage": can_manage_webhooks(request.user)}
    return render(request, "journal/webhooks/list.html", context)


@needs(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Set up a webhook; its secret is shown on the next page."""
    form = EndpointForm(request.POST or None)
    if form.is_valid():
        try:
            at = timezone.now()
            made = lifecycle.create_endpoint(**form.cleaned_data, by=request.user, at=at)
            show_once(request, made.secrets.get())
            return redirect("webhooks:detail", made.pk)
        except WebhookError as error:
            form.add_error(error.field, str(error))
    return _form_page(request, form, None)


@needs(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change where a webhook leads and what it is told."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    form = EndpointForm(request.POST or None, endpoint=endpoint)
    if form.is_valid():
        try:
            lifecycle.change_endpoint(
                endpoint_id=pk, **form.cleaned_data, by=request.user, at=timezone.now()
            )
            return redirect("webhooks:detail", pk)
        except WebhookError as error:
            form.add_error(error.field, str(error))
    return _form_page(request, form, endpoint)


@needs(VIEW)
@never_cache
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One webhook: how it does, its deliveries, and what can be done with it."""
    endpoint = get_object_or_404(WebhookEndpoint.objects.for_user(request.user), pk=pk)
    at, form, view = timezone.now(), MessageFilter(request.GET), view_of(request.GET)
    found = page(form.narrow(log(endpoint, view)), request, keys=("-pk",))
    put_into_words(found.rows)
    foresee(found.rows, endpoint, at)
    context = {
        "at": at,
        "endpoint": endpoint,
        "health": health(endpoint),
        "signing": endpoint.secrets.signing(at),
        "form": form,
        "view": view,
        "tabs": tabs(view),
        "page": found,
    }
    if can_manage_webhooks(request.user):
        context |= _managed(request, endpoint, at)
    status = 400 if form.errors else 200
    return render(request, "journal/webhooks/detail.html", context, status=status)


@needs(VIEW)
@require_safe
def message(request: SignedInRequest, pk: int) -> HttpResponse:
    """One message: what it tells, and every try to deliver it."""
    seen = WebhookMessage.objects.for_user(request.user).select_related("endpoint", "entry__by")
    found = get_object_or_404(seen, pk=pk)
    at, body = timezone.now(), payload.render(found.entry)
    put_into_words([found])
    foresee([found], found.endpoint, at)
    context = {
        "at": at,
        "message": found,
        "body": body,
        "pretty": json.dumps(json.loads(body), ensure_ascii=False, indent=2),
        "attempts": found.tried.order_by("-number")[:50],
        "may_replay": found.may_replay and can_manage_webhooks(request.user),
    }
    return render(request, "journal/webhooks/message.html", context)


def show_once(request: SignedInRequest, secret: WebhookSecret) -> None:
    """Have the next page of the webhook show the secret; the session holds its number only."""
    request.session[SHOWN] = secret.pk


def _managed(request: SignedInRequest, endpoint: WebhookEndpoint, at: datetime) -> dict[str, Any]:
    """What the page of a webhook holds for those who manage it."""
    return {
        "may_manage": True,
        "secret": _shown_once(request, endpoint),
        "actions": _actions(endpoint),
        "rotate_form": RotateForm(),
        "replay_form": ReplayForm(at=at),
    }


def _shown_once(request: SignedInRequest, endpoint: WebhookEndpoint) -> str:
    asked = request.session.get(SHOWN)
    if asked is None or request.method != "GET":
        return ""
    secret = endpoint.secrets.filter(pk=asked).first()
    if secret is None:
        return ""
    del request.session[SHOWN]
    return signing.words(secret)


def _form_page(
    request: SignedInRequest, form: EndpointForm, endpoint: WebhookEndpoint | None
) -> HttpResponse:
    context = {"form": form, "endpoint": endpoint, "everything": topics.EVERYTHING}
    status = 422 if form.errors else 200
    return render(request, "journal/webhooks/form.html", context, status=status)


def _actions(endpoint: WebhookEndpoint) -> list[dict[str, Any]]:
    """What can be done with a webhook, as the buttons of its page."""
    on, off = endpoint.state == EndpointState.ON, endpoint.state == EndpointState.OFF
    found = [
        _button(endpoint, "test", _("Send test event"), icon="send", primary=on)
        if on
        else _button(endpoint, "resume", _("Resume"), icon="player-play", primary=True),
        {
            "label": _("Change"),
            "url": reverse("webhooks:change", args=[endpoint.pk]),
            "icon": "pencil",
        },
        {"label": _("Renew secret"), "url": "#rotate", "icon": "refresh"},
    ]
    if on:
        found.append(_button(endpoint, "pause", _("Pause"), icon="player-pause"))
    if not off:
        question = _("No events are kept for it from then on. Switch the webhook off?")
        more = {"confirm": question, "danger": True}
        found.append(_button(endpoint, "off", _("Switch off"), icon="ban", **more))
    return found


def _button(endpoint: WebhookEndpoint, act: str, label: str, **more: Any) -> dict[str, Any]:
    url = reverse(f"webhooks:{act}", args=[endpoint.pk])
    return {"label": label, "url": url, "method": "post", **more}
