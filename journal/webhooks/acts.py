"""What is done with a webhook from its page: each a button that posts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from journal.webhooks import lifecycle
from journal.webhooks.errors import WebhookError
from journal.webhooks.forms import ReplayForm
from journal.webhooks.models import WebhookEndpoint
from journal.webhooks.policies import MANAGE
from journal.webhooks.views import show_once
from staff.access import SignedInRequest, needs


@needs(MANAGE)
@require_POST
def pause(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let its messages wait."""
    return _done(request, pk, lifecycle.pause, _("The webhook is paused. Its messages wait."))


@needs(MANAGE)
@require_POST
def resume(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send what waits."""
    return _done(request, pk, lifecycle.resume, _("The webhook is on. What waited is being sent."))


@needs(MANAGE)
@require_POST
def switch_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """End it."""
    return _done(request, pk, lifecycle.switch_off, _("The webhook is off. Its log stays."))


@needs(MANAGE)
@require_POST
def send_test(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send it a test event."""
    text = _("A test event is on its way. Reload the page to see what came of it.")
    return _done(request, pk, lifecycle.send_test, text)


@needs(MANAGE)
@require_POST
def rotate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a new secret, which the next page shows."""
    get_object_or_404(WebhookEndpoint, pk=pk)
    keep_old = not request.POST.get("at_once")
    at = timezone.now()
    made = lifecycle.rotate_secret(endpoint_id=pk, by=request.user, at=at, keep_old=keep_old)
    show_once(request, made)
    return redirect("webhooks:detail", pk)


@needs(MANAGE)
@require_POST
def replay(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the chosen messages again."""
    chosen = [int(each) for each in request.POST.getlist("pk") if _is_number(each)]
    return _replayed(request, pk, lambda **said: lifecycle.replay(message_ids=chosen, **said))


@needs(MANAGE)
@require_POST
def replay_dead(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send again all that was given up since a moment."""
    form = ReplayForm(request.POST, at=timezone.now())
    if not form.is_valid():
        messages.error(request, _("Enter since when, as a day and a time."))
        return _log(pk)
    since = form.cleaned_data["since"]
    return _replayed(request, pk, lambda **said: lifecycle.replay_dead(since=since, **said))


def _done(request: SignedInRequest, pk: int, verb: Callable[..., Any], text: str) -> HttpResponse:
    get_object_or_404(WebhookEndpoint, pk=pk)
    try:
        verb(endpoint_id=pk, by=request.user, at=timezone.now())
        messages.success(request, text)
    except WebhookError as error:
        messages.warning(request, str(error))
    return redirect("webhooks:detail", pk)


def _replayed(request: SignedInRequest, pk: int, verb: Callable[..., int]) -> HttpResponse:
    get_object_or_404(WebhookEndpoint, pk=pk)
    try:
        count = verb(endpoint_id=pk, by=request.user, at=timezone.now())
        text = ngettext(
            "%(count)d message is sent again.", "%(count)d messages are sent again.", count
        )
        level = messages.success if count else messages.info
        level(request, text % {"count": count} if count else _("There was nothing to send again."))
    except WebhookError as error:
        messages.warning(request, str(error))
    return _log(pk)


def _log(pk: int) -> HttpResponse:
    return redirect(f"{reverse('webhooks:detail', args=[pk])}#log")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
