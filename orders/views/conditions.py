"""Confirming that the document came in on which a release depends."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.attachments.views import attach_each
from orders import lifecycle, policies
from orders.conditions import demand
from orders.enums import ConditionKind, ConditionState
from orders.errors import OrderError
from orders.forms.acts import MeetForm
from orders.models import ReleaseCondition
from orders.views.answers import ask, cannot, done, fresh
from orders.views.detail import get_order
from staff.access import SignedInRequest, needs


@needs("orders.meet_condition")
@require_http_methods(["GET", "HEAD", "POST"])
def meet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say with what evidence the condition is met."""
    user, at = request.user, timezone.now()
    condition = get_object_or_404(ReleaseCondition.objects.for_user(user), pk=pk)
    order = condition.order = get_order(request, condition.order_id)
    form = MeetForm(request.POST or None, request.FILES or None, order=order, user=user, at=at)
    look = {
        "label": _("Confirm document"),
        "text": demand(condition, order),
        "url": request.path,
    }
    if request.method != "POST":
        waits = condition.state == ConditionState.OPEN and condition.kind == ConditionKind.GUARANTEE
        if not waits or not policies.can_meet(user, condition):
            return cannot(request, order, _("You cannot confirm this condition now."))
        return ask(request, order, fresh(form), look)
    if form.is_valid():
        try:
            lifecycle.meet_condition(
                condition_id=pk, evidence=form.cleaned_data["evidence"], by=user, at=at
            )
        except OrderError as error:
            form.add_error(None, str(error))
        else:
            attach_each(request, order, form.cleaned_data["documents"], look["text"])
            return done(request, order, _("The condition is met."), at)
    return ask(request, order, form, look, status=422)
