"""The actions of an order: each a small form, in a dialog or on a page of its own."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from orders import lifecycle, policies
from orders.actions import LABELS, available_actions
from orders.errors import InFuture, OrderError, OrderHeld, WrongState
from orders.forms.acts import (
    ActForm,
    EventForm,
    HoldForm,
    InvoiceForm,
    PaymentForm,
    ReasonForm,
    ReleaseForm,
    ShipForm,
)
from orders.models import Hold, Order
from orders.once import once
from orders.views.detail import get_order, page_of
from orders.views.entry import submit_and_tell
from staff.access import SignedInRequest, needs


@dataclass(frozen=True)
class Act:
    """A verb with its form. `blame` is the field that a refusal by the verb is about."""

    permission: str
    form: type[ActForm]
    verb: Callable[..., Any]
    done: str | Promise
    text: str | Promise = ""
    blame: str | None = None
    danger: bool = False


ACTS: dict[str, Act] = {
    "pay": Act(
        "orders.record_payment",
        PaymentForm,
        lifecycle.record_payment,
        gettext_lazy("The payment for order %(number)s is recorded."),
        blame="reference",
    ),
    "ship": Act(
        "orders.ship_order",
        ShipForm,
        lifecycle.ship,
        gettext_lazy("Order %(number)s is shipped."),
    ),
    "deliver": Act(
        "orders.deliver_order",
        EventForm,
        lifecycle.deliver,
        gettext_lazy("The delivery of order %(number)s is recorded."),
        blame="happened_at",
    ),
    "invoice": Act(
        "orders.invoice_order",
        InvoiceForm,
        lifecycle.invoice,
        gettext_lazy("Order %(number)s is invoiced."),
        blame="number",
    ),
    "hold": Act(
        "orders.hold_order",
        HoldForm,
        lifecycle.place_hold,
        gettext_lazy("Order %(number)s is held."),
        text=gettext_lazy("A held order cannot ship until each of its holds is released."),
    ),
    "take_back": Act(
        "orders.submit_order",
        ReasonForm,
        lifecycle.take_back,
        gettext_lazy("Order %(number)s is a draft again."),
        text=gettext_lazy("The order becomes a draft and its approval request is withdrawn."),
    ),
    "cancel": Act(
        "orders.cancel_order",
        ReasonForm,
        lifecycle.cancel,
        gettext_lazy("Order %(number)s is cancelled."),
        text=gettext_lazy("This ends the order and gives its credit back. It cannot be undone."),
        danger=True,
    ),
}


def _view_of(code: str) -> Callable[[SignedInRequest, int], HttpResponse]:
    @needs(ACTS[code].permission)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: SignedInRequest, pk: int) -> HttpResponse:
        return _act(request, pk, code)

    return view


pay, ship, deliver, invoice, hold, take_back, cancel = (_view_of(code) for code in ACTS)


@needs("orders.submit_order")
@require_POST
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submit a draft as it was seen."""
    order = get_order(request, pk)
    seen = request.POST.get("seen_version", "")
    order.version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    return submit_and_tell(request, order, timezone.now())


@needs("orders.release_hold", "orders.force_hold")
@require_http_methods(["GET", "HEAD", "POST"])
def release_hold(request: SignedInRequest, pk: int) -> HttpResponse:
    """Release one hold; the others on the order stay."""
    user = request.user
    seen = Hold.objects.filter(order__in=Order.objects.for_user(user))
    found = get_object_or_404(seen.select_related("order__customer", "placed_by"), pk=pk)
    at = timezone.now()
    order = get_order(request, found.order_id)
    form = ReleaseForm(request.POST or None, order=order, user=user, at=at)
    look = {"label": _("Release hold"), "hold": found, "url": request.path}
    if request.method != "POST":
        if found.released_at or not policies.can_release(user, found):
            return _cannot(request, order, _("You cannot release this hold now."))
        return _ask(request, order, _fresh(form), look)
    if form.is_valid():
        try:
            lifecycle.release_hold(hold_id=pk, note=form.cleaned_data["note"], by=user, at=at)
        except OrderError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, order, _("The hold is released."), at)
    return _ask(request, order, form, look, status=422)


def _act(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    user = request.user
    act, at = ACTS[code], timezone.now()
    order = get_order(request, pk)
    look = {"label": LABELS[code], "text": act.text, "danger": act.danger, "url": request.path}
    if request.method == "POST":
        form = act.form(request.POST, order=order, user=user, at=at)
        if form.is_valid() and _did(act, form):
            return _done(request, order, str(act.done) % {"number": order.number}, at)
        return _ask(request, order, form, look, status=422)
    held = order.holds.active().exists()
    offered = {action.code: action for action in available_actions(user, order, held=held)}
    if code not in offered or offered[code].why_not:
        why = offered[code].why_not if code in offered else ""
        return _cannot(request, order, str(why) or _wrong_state(order))
    return _ask(request, order, _fresh(act.form(order=order, user=user, at=at)), look)


def _did(act: Act, form: ActForm) -> bool:
    """Let the verb do it, once for the form's token; a refusal is put beside its field."""
    values = {name: value for name, value in form.cleaned_data.items() if name != "token"}

    def do() -> Order:
        act.verb(order_id=form.order.pk, by=form.user, at=form.at, **values)
        return form.order

    try:
        once(form.cleaned_data["token"], form.user, do)
    except InFuture as error:
        form.add_error("happened_at", str(error))
    except (WrongState, OrderHeld) as error:
        form.add_error(None, str(error))
    except OrderError as error:
        form.add_error(act.blame, str(error))
    return form.is_valid()


def _fresh(form: ActForm) -> ActForm:
    form.fields["token"].initial = uuid.uuid4().hex
    return form


def _ask(
    request: SignedInRequest, order: Order, form: ActForm, look: dict[str, Any], status: int = 200
) -> HttpResponse:
    part = "orders/_act_form.html" if request.htmx else "orders/act.html"  # type: ignore[attr-defined]
    context = {"order": order, "form": form, "look": look, "next": _back(request)}
    return render(request, part, context, status=status)


def _done(request: SignedInRequest, order: Order, text: str, at: datetime) -> HttpResponse:
    """The parts of the page that changed, or the way back to it."""
    if not request.htmx or _back(request):  # type: ignore[attr-defined]
        messages.success(request, text)
        where = ("orders:holds",) if _back(request) else ("orders:detail", order.pk)
        return redirect(*where)
    response = render(
        request, "orders/_after_act.html", page_of(request, get_order(request, order.pk), at)
    )
    response["HX-Reswap"] = "none"
    toast = {"text": text, "level": "success"}
    response["HX-Trigger"] = json.dumps({"acted": True, "toast": toast})
    return response


def _cannot(request: SignedInRequest, order: Order, why: str) -> HttpResponse:
    messages.warning(request, why)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(reverse("orders:detail", args=[order.pk]))
    return redirect("orders:detail", order.pk)


def _wrong_state(order: Order) -> str:
    return _("Order %(number)s is %(state)s, so this cannot be done now.") % {
        "number": order.number,
        "state": order.get_state_display(),
    }


def _back(request: SignedInRequest) -> str:
    """Where the person came from, if not from the order's page."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    return "holds" if asked == "holds" else ""
