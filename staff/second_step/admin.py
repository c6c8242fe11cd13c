"""Resetting somebody's second step in the back office, with a reason."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staff.models import User
from staff.second_step import lifecycle
from staff.second_step.errors import SecondStepError
from staff.second_step.forms import ResetForm


class SecondStepAdmin(admin.ModelAdmin[User]):
    """The part of the admin of people that is about their second step."""

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.reset_second_step)
        name = "staff_user_reset_second_step"
        return [path("<int:pk>/second-step/", page, name=name), *super().get_urls()]

    @admin.display(description=_("second step"))
    def second_step_state(self, person: User) -> str:
        """Since when it is on, and the way to reset it."""
        if person.second_step_since is None:
            return gettext("Off")
        day = formats.date_format(timezone.localtime(person.second_step_since), "DATE_FORMAT")
        return format_html(
            '{} · <a href="{}">{}</a>',
            gettext("On since %(day)s") % {"day": day},
            reverse("admin:staff_user_reset_second_step", args=[person.pk]),
            gettext("Reset"),
        )

    def reset_second_step(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask why, then take the second step away."""
        if not request.user.has_perm(lifecycle.RESET):
            raise PermissionDenied
        person = self.get_object(request, str(pk))
        if person is None:
            return redirect("admin:staff_user_changelist")
        form = ResetForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._reset(request, person, form):
            text = gettext("The second step of %(name)s is reset.") % {"name": person}
            self.message_user(request, text, messages.SUCCESS)
            return redirect("admin:staff_user_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Reset the second step of %(name)s") % {"name": person},
            "opts": self.opts,
            "person": person,
            "form": form,
        }
        return TemplateResponse(request, "admin/staff/reset_second_step.html", context)

    def _reset(self, request: HttpRequest, person: User, form: ResetForm) -> bool:
        by: Any = request.user
        reason, at = form.cleaned_data["reason"], timezone.now()
        try:
            lifecycle.reset(user_id=person.pk, reason=reason, by=by, at=at)
        except (SecondStepError, PermissionDenied) as refusal:
            form.add_error(None, str(refusal))
            return False
        return True
