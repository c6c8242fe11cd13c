"""What an action of an order answers with: its form, what was done, or why it cannot be."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django_htmx.http import HttpResponseClientRedirect

from orders.forms.acts import ActForm
from orders.models import Order
from orders.views.detail import get_order, page_of
from staff.access import SignedInRequest

# The lists of holds from which one may come, by what their links call them.
HOLD_LISTS = {
    "holds": reverse_lazy("orders:holds"),
    "released": reverse_lazy("orders:holds", query={"view": "released"}),
}


def fresh(form: ActForm) -> ActForm:
    form.fields["token"].initial = uuid.uuid4().hex
    return form


def ask(
    request: SignedInRequest, order: Order, form: ActForm, look: dict[str, Any], status: int = 200
) -> HttpResponse:
    part = "orders/_act_form.html" if request.htmx else "orders/act.html"  # type: ignore[attr-defined]
    context = {
        "order": order,
        "form": form,
        "look": look,
        "next": back(request),
        "list": HOLD_LISTS.get(back(request)),
    }
    return render(request, part, context, status=status)


def done(request: SignedInRequest, order: Order, text: str, at: datetime) -> HttpResponse:
    """The parts of the page that changed, or the way back to it."""
    if not request.htmx or back(request):  # type: ignore[attr-defined]
        messages.success(request, text)
        if back(request) in HOLD_LISTS:
            return redirect(HOLD_LISTS[back(request)])
        return redirect("orders:edit" if back(request) else "orders:detail", order.pk)
    response = render(
        request, "orders/_after_act.html", page_of(request, get_order(request, order.pk), at)
    )
    response["HX-Reswap"] = "none"
    toast = {"text": text, "level": "success"}
    response["HX-Trigger"] = json.dumps({"acted": True, "toast": toast})
    return response


def cannot(request: SignedInRequest, order: Order, why: str) -> HttpResponse:
    messages.warning(request, why)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(reverse("orders:detail", args=[order.pk]))
    return redirect("orders:detail", order.pk)


def back(request: SignedInRequest) -> str:
    """Where the person goes from here, if not to the order's page."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    return asked if asked in (*HOLD_LISTS, "edit") else ""
