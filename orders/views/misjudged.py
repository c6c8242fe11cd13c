"""Saying that a hold, or a check of a credit decision, stopped an order wrongly."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders import lifecycle, policies
from orders.errors import OrderError
from orders.forms.acts import CheckMisjudgedForm, MisjudgedForm
from orders.models import Order
from orders.views.answers import ask, cannot, done, fresh
from orders.views.detail import get_order
from orders.views.holds import get_hold
from staff.access import SignedInRequest, needs


@needs("orders.release_hold", "orders.force_hold")
@require_http_methods(["GET", "HEAD", "POST"])
def wrongly_held(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that a released hold was wrong from the start."""
    user, at, hold = request.user, timezone.now(), get_hold(request.user, pk)
    order = get_order(request, hold.order_id)
    possible = hold.released_at and not hasattr(hold, "misjudgment")
    if request.method != "POST" and not (possible and policies.can_release(user, hold)):
        return cannot(request, order, _("You cannot mark this hold now."))
    form = MisjudgedForm(request.POST or None, order=order, user=user, at=at)
    look = {"label": _("Mark as wrongly held"), "hold": hold}

    def mark() -> None:
        reason = form.cleaned_data["reason"]
        lifecycle.mark_wrongly_held(hold_id=pk, reason=reason, by=user, at=at)

    return _judge(request, order, form, look, mark, _("The hold is marked as wrong."), at)


@needs("approvals.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def misjudged(request: SignedInRequest, pk: int, decision_pk: int) -> HttpResponse:
    """Say that a check of a decision stopped the order without a cause."""
    user, at, order = request.user, timezone.now(), get_order(request, pk)
    decision = get_object_or_404(order.decisions, pk=decision_pk)
    form = CheckMisjudgedForm(
        request.POST or None, order=order, user=user, at=at, decision=decision
    )
    if request.method != "POST" and not (form.left and policies.can_decide(user, order)):
        return cannot(request, order, _("You cannot mark a check of this decision now."))
    look = {"label": _("Mark check as wrong")}

    def mark() -> None:
        chosen = {name: form.cleaned_data[name] for name in ("code", "reason")}
        lifecycle.mark_misjudged(decision_id=decision_pk, by=user, at=at, **chosen)

    return _judge(request, order, form, look, mark, _("The check is marked as wrong."), at)


def _judge(
    request: SignedInRequest,
    order: Order,
    form: Any,
    look: dict[str, Any],
    mark: Callable[[], None],
    told: str | Promise,
    at: datetime,
) -> HttpResponse:
    look |= {
        "text": _("Reviews count such marks per reason; nothing else about the order changes."),
        "url": request.path,
    }
    if request.method != "POST":
        return ask(request, order, fresh(form), look)
    if form.is_valid():
        try:
            mark()
        except OrderError as error:
            form.add_error(None, str(error))
        else:
            return done(request, order, str(told), at)
    return ask(request, order, form, look, status=422)
