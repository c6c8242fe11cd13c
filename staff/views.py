from datetime import datetime
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from staff import arrival, lifecycle, roles
from staff.absence.forms import AbsenceForm
from staff.access import SignedInRequest, public, signed_in
from staff.days import company_day
from staff.forms import PasswordForm, ProfileForm, SignInForm
from staff.inbox.forms import MailForm
from staff.models import Absence, User
from staff.second_step import between
from staff.second_step.forms import CodeForm
from staff.second_step.views import code_page


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, by a second step for whoever has one, and on from there (`staff.arrival`)."""
    after = arrival.wanted(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(after or "home")
        return render(request, "staff/sign_in.html", {"form": SignInForm(request), "next": after})
    form = SignInForm(request, request.POST)
    typed = request.POST.get("typed", "")
    if not form.is_valid():
        return render(request, "staff/sign_in.html", {"form": form, "next": after, "typed": typed})
    person = form.get_user()
    if person.second_step_since:
        between.begin(request, person, at=timezone.now())
        return code_page(request, CodeForm())
    return arrival.arrive(request, person)


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """What django-axes answers after too many attempts: how long to wait, nothing typed lost."""
    context = {
        "form": SignInForm(request, initial={"username": request.POST.get("username", "")}),
        "next": arrival.wanted(request),
        "typed": request.POST.get("typed", ""),
        "wait": get_cool_off(request),
    }
    return render(request, "staff/locked_out.html", context, status=429)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("staff:sign_in")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """One's own name, address, language, time zone, appearance and absences."""
    at = timezone.now()
    if request.method != "POST":
        return profile_page(request, at=at)
    person = get_object_or_404(User, pk=request.user.pk)  # the form must not touch request.user
    form = ProfileForm(request.POST, instance=person, at=at)
    if not form.is_valid():
        return profile_page(request, at=at, form=form)
    saved = lifecycle.change_profile(user=person, **form.cleaned_data)
    if saved.language:
        translation.activate(saved.language)
    messages.success(request, _("Your profile is saved."))
    return redirect("staff:profile")


def profile_page(
    request: SignedInRequest,
    *,
    at: datetime,
    form: ProfileForm | None = None,
    absence_form: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The profile with the form that came back with errors, if one did."""
    person, today = get_object_or_404(User, pk=request.user.pk), company_day(at)
    absences = [(each, each.state_on(today)) for each in Absence.objects.of(person.pk)[:10]]
    names = person.groups.values_list("name", flat=True)
    context = {
        "form": form or ProfileForm(instance=person, at=at),
        "roles": [roles.label(name) for name in names],
        "absence_form": absence_form or AbsenceForm(None, user=person, today=today),
        "absences": absences,
        "mail_form": MailForm(user=person),
        "by_mail": settings.NOTICES_BY_MAIL,
    }
    return render(request, "staff/profile.html", context, status=status)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password; it ends the sessions on other devices."""
    form = PasswordForm(request.user, request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        lifecycle.change_password(
            request=request,
            user=form.user,
            password=form.cleaned_data["new_password1"],
            at=timezone.now(),
        )
        messages.success(request, _("Your password is changed. Other devices were signed out."))
        return redirect("staff:profile")
    return render(request, "staff/change_password.html", {"form": form})
