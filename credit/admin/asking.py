"""A page between choosing rows in the back office and acting on them: what must be said first."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from credit.errors import CreditError


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


def ask_first(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    form: type[forms.Form],
    title: str,
    act: Callable[[Any, dict[str, Any]], object],
) -> HttpResponse | None:
    """Show the form; once it is filled in, call `act(row, values)` for each row.

    What cannot be done is told by its reason, and the other rows are done. Returns None, which ends
    the action, when there is nothing more to ask.
    """
    asked = form(request.POST if "asked" in request.POST else None)
    if not asked.is_valid():
        context = {
            **model_admin.admin_site.each_context(request),
            "title": title,
            "opts": model_admin.opts,
            "rows": rows,
            "form": asked,
            "action": request.POST["action"],
        }
        return TemplateResponse(request, "admin/credit/ask.html", context)
    done = 0
    for row in rows:
        try:
            act(row, asked.cleaned_data)
        except (CreditError, PermissionDenied) as error:
            model_admin.message_user(request, f"{row}: {error}", messages.ERROR)
        else:
            done += 1
    if done:
        text = _("Done for %(count)d of %(all)d.") % {"count": done, "all": len(rows)}
        model_admin.message_user(request, text, messages.SUCCESS)
    return None
