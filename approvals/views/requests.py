"""One request: its page, the decision, its thread, and its part on the page of the order."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals import lifecycle, policies
from approvals.answers import give, outcome_words
from approvals.enums import RequestState
from approvals.forms.deciding import AskForm, DecideForm
from approvals.forms.limits import LimitDecideForm, form_of
from approvals.models import ApprovalRequest
from approvals.subjects import subject_of
from approvals.thread import people_to_ask, thread
from approvals.views.parts import level_of, matter_of, reply_form
from approvals.views.shown import get_request, show
from journal.attachments.views import attach_each
from orders.errors import OrderError, ReasonsChanged
from orders.models import Order
from staff.access import SignedInRequest, needs


@needs("approvals.view_approvalrequest")
@require_safe
def request_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One request on one screen: the facts, and the decision for those who may take it."""
    return show(request, get_request(request, pk))


@needs("approvals.decide")
@require_POST
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the decision. When the check finds more than was shown, show that and ask again."""
    asked, at = get_request(request, pk), timezone.now()
    form = form_of(asked)(request.POST)
    if not policies.can_ask(request.user, asked):
        raise PermissionDenied
    if not form.is_valid():
        return show(request, asked, form=form, status=422)
    if form.cleaned_data["seen_level"] not in ("", level_of(asked)):
        text = _("The request went on to another level while you were reading.")
        return _ask_again(request, asked, form, text)
    try:
        done = give(asked, form, request.user, at)
    except ReasonsChanged as error:
        lifecycle.refresh(request_id=pk, by=request.user, at=at)
        return _ask_again(request, get_request(request, pk), form, str(error))
    except (lifecycle.RequestError, OrderError) as error:
        form.add_error(None, str(error))
        return show(request, get_request(request, pk), form=form, status=409)
    messages.success(request, outcome_words(done))
    return redirect("approvals:detail", pk)


def _ask_again(
    request: SignedInRequest, asked: ApprovalRequest, form: DecideForm | LimitDecideForm, text: str
) -> HttpResponse:
    """The page as it is now; what was typed stays as it was typed."""
    now = {"seen_decision": subject_of(asked).shown, "seen_level": level_of(asked)}
    fresh = type(form)({**form.data.dict(), **now})  # type: ignore[attr-defined]
    fresh.full_clean()
    fresh.add_error(None, text)
    return show(request, asked, form=fresh, status=409)


@needs("approvals.decide")
@require_POST
def ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask the salesperson or a colleague something."""
    asked, user = get_request(request, pk), request.user
    form = AskForm(request.POST, people=people_to_ask(asked, user), auto_id="ask_%s")
    if not policies.can_ask(user, asked):
        raise PermissionDenied
    if not form.is_valid():
        return show(request, asked, ask=form, status=422)
    try:
        lifecycle.ask(
            request_id=pk,
            by=user,
            text=form.cleaned_data["text"],
            to_id=form.cleaned_data["to"],
            at=timezone.now(),
        )
    except lifecycle.RequestError as error:
        form.add_error(None, str(error))
        return show(request, asked, ask=form, status=409)
    messages.success(request, _("The question is asked."))
    return redirect("approvals:detail", pk)


@needs("approvals.view_approvalrequest")
@require_POST
def reply(request: SignedInRequest, pk: int) -> HttpResponse:
    """Reply on the thread; from the page of the order one returns to it."""
    asked, user = get_request(request, pk), request.user
    form = reply_form(asked, user, request.POST, request.FILES)
    if not policies.can_reply(user, asked):
        raise PermissionDenied
    if not form.is_valid():
        return show(request, asked, reply=form, status=422)
    text, at = form.cleaned_data["text"], timezone.now()
    try:
        lifecycle.reply(request_id=pk, by=user, text=text, at=at)
    except lifecycle.RequestError as error:
        form.add_error(None, str(error))
        return show(request, asked, reply=form, status=409)
    messages.success(request, _("Your reply is sent to whoever asked."))
    attach_each(request, matter_of(asked), form.cleaned_data.get("documents", ()), text[:200])
    if request.POST.get("from") == "order":
        return redirect("orders:detail", asked.order_id)
    return redirect("approvals:detail", pk)


@needs("approvals.view_approvalrequest")
@require_safe
def of_order(request: SignedInRequest, pk: int) -> HttpResponse:
    """The latest request about an order, as a part of the order's page; else the request's page."""
    order = get_object_or_404(Order.objects.for_user(request.user), pk=pk)
    asked = ApprovalRequest.objects.filter(order=order).order_by("pk").last()
    if asked is None:
        return HttpResponse(status=204)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("approvals:detail", asked.pk)
    asked = get_request(request, asked.pk)
    said = thread(asked)
    waits = asked.state == RequestState.OPEN and bool(said.said)
    context = {
        "at": timezone.now(),
        "asked": asked,
        "order": order,
        "thread": said,
        "lapsed": ApprovalRequest.objects.filter(order=order).lapsed().order_by("pk").last(),
        "reply": reply_form(asked, request.user)
        if waits and policies.can_reply(request.user, asked)
        else None,
    }
    return render(request, "approvals/_of_order.html", context)
