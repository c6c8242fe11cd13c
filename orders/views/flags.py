"""Product flags: which stand, which stood, raising and lifting them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orders import lifecycle, policies
from orders.errors import OrderError
from orders.export import flag_sheet
from orders.forms.flags import FlagFilter, LiftForm, RaiseForm
from orders.models import ProductFlag
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page

KEYS = ("-raised_at", "-pk")


@needs("orders.view_product")
@require_safe
def flag_list(request: SignedInRequest) -> HttpResponse:
    """The flags that stand, or those that were lifted, the latest first."""
    form, rows = _found(request)
    lifted = request.GET.get("view") == "lifted"
    context = {
        "tabs": [
            {"label": _("In force"), "url": "?", "current": not lifted},
            {"label": _("Lifted"), "url": "?view=lifted", "current": lifted},
        ],
        "lifted": lifted,
        "form": form,
        "page": page(rows, request, keys=KEYS),
        "may_flag": policies.can_flag(request.user),
    }
    return render(request, "orders/flags/list.html", context, status=400 if form.errors else 200)


@needs("orders.view_product")
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    form, rows = _found(request)
    return flag_list(request) if form.errors else download(request, flag_sheet(rows, KEYS))


def _found(request: SignedInRequest) -> tuple[FlagFilter, QuerySet[ProductFlag]]:
    """The flags that the address asks for."""
    form = FlagFilter(request.GET)
    flags = ProductFlag.objects.filter(lifted_at__isnull=request.GET.get("view") != "lifted")
    return form, form.narrow(flags).select_related("product", "raised_by", "lifted_by")


@needs("orders.flag_product")
@require_http_methods(["GET", "HEAD", "POST"])
def raise_flag(request: SignedInRequest) -> HttpResponse:
    """Flag a product, a lot or a category; the address may name the product."""
    form = RaiseForm(request.POST or None, initial={"product": request.GET.get("product", "")})
    at = timezone.now()
    flag = _did(form, lambda: lifecycle.raise_flag(**form.goods(), by=request.user, at=at))
    if flag:
        messages.success(request, _("The flag on %(goods)s stands.") % {"goods": flag.goods})
        return redirect("orders:flags")
    return _ask(request, "orders/flags/raise.html", form)


@needs("orders.flag_product")
@require_http_methods(["GET", "HEAD", "POST"])
def lift_flag(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lift one flag, with the reason."""
    flag = get_object_or_404(ProductFlag.objects.select_related("product", "raised_by"), pk=pk)
    if flag.lifted_at:
        messages.warning(request, _("This flag was lifted already."))
        return redirect("orders:flags")
    form, at = LiftForm(request.POST or None), timezone.now()
    lift = partial(lifecycle.lift_flag, flag_id=pk, by=request.user, at=at)
    if _did(form, lambda: lift(note=form.cleaned_data["note"])):
        messages.success(request, _("The flag on %(goods)s is lifted.") % {"goods": flag.goods})
        return redirect("orders:flags")
    return _ask(request, "orders/flags/lift.html", form, flag=flag)


def _did(form: Form, verb: Callable[[], ProductFlag]) -> ProductFlag | None:
    """What the verb made of a valid form, or None with the refusal put into the form."""
    try:
        return verb() if form.is_valid() else None
    except OrderError as error:
        form.add_error(None, str(error))
        return None


def _ask(request: SignedInRequest, template: str, form: Form, **more: Any) -> HttpResponse:
    return render(request, template, {"form": form, **more}, status=422 if form.errors else 200)
