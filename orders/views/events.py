"""What other systems told: the list of it, trying again, and giving up with a reason."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.enums import EventState
from orders.errors import OrderError
from orders.events import lifecycle
from orders.forms.goods import EVENT_TABS, DismissForm, EventFilter
from orders.models import FulfilmentEvent
from orders.policies import can_settle
from staff.access import SignedInRequest, needs
from staff.keyset import page

_STUCK = (EventState.WAITING, EventState.REFUSED)


@needs("orders.view_fulfilmentevent")
@require_safe
def event_list(request: SignedInRequest) -> HttpResponse:
    """Events by what became of them, the latest first."""
    code = request.GET.get("view", "waiting")
    code = code if code in EVENT_TABS else "waiting"
    form = EventFilter(request.GET)
    events = FulfilmentEvent.objects.for_user(request.user).filter(state__in=EVENT_TABS[code][1])
    rows = form.narrow(events).select_related("by", "settled_by", "order__customer")
    shown = page(rows, request, keys=("-pk",))
    for event in shown.rows:
        event.may_settle = event.state in _STUCK and can_settle(request.user, event)
    context = {
        "at": timezone.now(),
        "tabs": [
            {"label": label, "url": f"?view={name}", "current": name == code}
            for name, (label, _states) in EVENT_TABS.items()
        ],
        "code": code,
        "form": form,
        "page": shown,
    }
    return render(request, "orders/events/list.html", context, status=400 if form.errors else 200)


@needs("orders.view_fulfilmentevent")
@require_POST
def retry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Try one event again, and say what became of it."""
    event = _event(request, pk)
    done = _done(request, lambda: lifecycle.retry(event_id=pk, by=request.user, at=timezone.now()))
    if done is not None:
        if done.state == EventState.APPLIED:
            messages.success(request, _("The event is applied."))
        else:
            messages.warning(request, done.words)
    return redirect(_back(request.POST, event))


@needs("orders.view_fulfilmentevent")
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give one event up, with the reason."""
    event = _event(request, pk)
    form = DismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, at = form.cleaned_data["reason"], timezone.now()
        done = _done(
            request,
            lambda: lifecycle.dismiss(event_id=pk, reason=reason, by=request.user, at=at),
        )
        if done is not None:
            messages.success(request, _("The event is dismissed."))
        return redirect(_back(request.GET, event))
    context = {"form": form, "event": event, "back": _back(request.GET, event)}
    status = 422 if form.errors else 200
    return render(request, "orders/events/dismiss.html", context, status=status)


def _event(request: SignedInRequest, pk: int) -> FulfilmentEvent:
    events = FulfilmentEvent.objects.for_user(request.user).select_related("order", "by")
    return get_object_or_404(events, pk=pk)


def _done(request: SignedInRequest, verb: Callable[[], FulfilmentEvent]) -> FulfilmentEvent | None:
    """What the verb made of the event; None with its refusal told to the reader."""
    try:
        return verb()
    except OrderError as error:
        messages.warning(request, str(error))
        return None


def _back(asked: QueryDict, event: FulfilmentEvent) -> str:
    """To the list where somebody works through it, else to the order of the event."""
    view = asked.get("back", "")
    if view in EVENT_TABS or not event.order_id:
        return reverse("orders:events") + (f"?view={view}" if view in EVENT_TABS else "")
    return reverse("orders:detail", args=[event.order_id])
