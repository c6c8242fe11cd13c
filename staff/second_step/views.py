"""The second step: asked for while signing in, and looked after by whoever has it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff import arrival
from staff.access import SignedInRequest, public, signed_in
from staff.forms import SignInForm
from staff.models import RecoveryCode, User
from staff.second_step import between, codes, entering, lifecycle, required
from staff.second_step.errors import SecondStepError
from staff.second_step.forms import CodeForm, ProofForm, SetUpForm
from staff.second_step.paper import as_link

_SALT = "second_step_salt"  # of a secret that no app has proved to know yet


@public
@never_cache
@sensitive_post_parameters("one_time_password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second page of signing in, for whoever gave the right password just now."""
    at = timezone.now()
    person = between.person(request, at=at)
    if person is None:
        return _begin_again(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not _opens(request, form, person, at):
        return code_page(request, form)
    code = form.cleaned_data["one_time_password"]
    return _arrive(request, person, recovered=len(code) == codes.RECOVERY_DIGITS)


def code_page(request: HttpRequest, form: CodeForm) -> HttpResponse:
    """The page that asks for the code; nobody is signed in on it."""
    context = {
        "form": form,
        "next": arrival.wanted(request),
        "typed": request.POST.get("typed", ""),
    }
    return render(request, "staff/sign_in_code.html", context)


@signed_in
@never_cache
@require_safe
def second_step(request: SignedInRequest) -> HttpResponse:
    """Turn the second step on, or look after it."""
    return _page(request)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_POST
def turn_on(request: SignedInRequest) -> HttpResponse:
    """Turn the second step on; the recovery codes are on the answer to this and nowhere else."""
    form = SetUpForm(request.POST)
    if not form.is_valid() or not _knows_password(request, form):
        return _page(request, set_up=form)
    try:
        person, given = lifecycle.turn_on(
            salt=_new_salt(request),
            code=form.cleaned_data["one_time_password"],
            by=request.user,
            at=timezone.now(),
        )
    except SecondStepError as refusal:
        form.add_error("one_time_password", str(refusal))
        return _page(request, set_up=form)
    del request.session[_SALT]
    update_session_auth_hash(request, person)
    return _codes_page(request, given)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_POST
def renew_codes(request: SignedInRequest) -> HttpResponse:
    """New recovery codes for whoever proves to be the person; on the answer and nowhere else."""
    form = ProofForm(request.POST, auto_id="codes_%s")
    if not _proved(request, form):
        return _page(request, renew=form)
    given = lifecycle.renew_codes(by=request.user, at=timezone.now())
    return _codes_page(request, given)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_POST
def turn_off(request: SignedInRequest) -> HttpResponse:
    """Turn the second step off for whoever proves to be the person."""
    form = ProofForm(request.POST, auto_id="off_%s")
    if not _proved(request, form):
        return _page(request, off=form)
    try:
        person = lifecycle.turn_off(by=request.user, at=timezone.now())
    except SecondStepError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, off=form)
    update_session_auth_hash(request, person)
    messages.success(
        request, _("The second step is off. From now on your password alone signs you in.")
    )
    return redirect("staff:profile")


def recovery_codes_left(person: User) -> int:
    """How many recovery codes nobody has used."""
    return RecoveryCode.objects.filter(step__user=person.pk, used_at=None).count()


def _begin_again(request: HttpRequest) -> HttpResponse:
    context = {
        "form": SignInForm(request),
        "next": arrival.wanted(request),
        "typed": request.POST.get("typed", ""),
        "too_late": request.method == "POST",
    }
    return render(request, "staff/sign_in.html", context)


def _opens(request: HttpRequest, form: CodeForm, person: User, at: datetime) -> bool:
    """Whether the code of the form opens for `person`; if not, the form says so."""
    if not form.is_valid():
        return False
    try:
        if entering.attempt(request, person, form.cleaned_data["one_time_password"], at=at):
            return True
        wrong = _("This code does not open. Each counts once: wait for the next one in the app.")
        form.add_error("one_time_password", wrong)
    except SecondStepError as refusal:
        form.add_error("one_time_password", str(refusal))
    return False


def _arrive(request: HttpRequest, person: User, *, recovered: bool) -> HttpResponse:
    between.end(request)
    answer = arrival.arrive(request, person)
    if recovered:
        left = recovery_codes_left(person)
        text = ngettext(
            "You signed in with a recovery code, and have %(count)d left. Get new ones in time.",
            "You signed in with a recovery code, and have %(count)d left. Get new ones in time.",
            left,
        )
        messages.warning(request, text % {"count": left})
    return answer


def _knows_password(request: SignedInRequest, form: SetUpForm) -> bool:
    """Whether the form has the person's password, throttled as anywhere; if not, it says so."""
    given = {"username": request.user.get_username(), "password": form.cleaned_data["password"]}
    if authenticate(request, **given):
        return True
    form.add_error("password", _("This is not your present password."))
    return False


def _proved(request: SignedInRequest, form: ProofForm) -> bool:
    """Whether the form proves it; if not, it says so."""
    if request.user.second_step_since is None:
        raise PermissionDenied(_("Your second step is off."))
    if not form.is_valid():
        return False
    text = form.cleaned_data["password_or_code"]
    try:
        if entering.prove(request, request.user, text, at=timezone.now()):
            return True
        form.add_error(
            "password_or_code", _("This is neither your password nor a code that opens.")
        )
    except SecondStepError as refusal:
        form.add_error("password_or_code", str(refusal))
    return False


def _page(
    request: SignedInRequest,
    *,
    set_up: SetUpForm | None = None,
    renew: ProofForm | None = None,
    off: ProofForm | None = None,
) -> HttpResponse:
    """The page of the second step with the form that came back with errors, if one did."""
    status = 422 if set_up or renew or off else 200
    context: dict[str, Any] = {
        "next": arrival.wanted(request),
        "must": required.must_have(request.user),
    }
    if request.user.second_step_since is None:
        salt = _new_salt(request)
        context |= {
            "form": set_up or SetUpForm(),
            "key": codes.key(salt),
            "qr_code": codes.qr_code(salt, request.user.username),
        }
        return render(request, "staff/second_step_set_up.html", context, status=status)
    context |= {
        "since": request.user.second_step_since,
        "left": recovery_codes_left(request.user),
        "of": codes.RECOVERY_CODES,
        "renew_form": renew or ProofForm(auto_id="codes_%s"),
        "off_form": off or ProofForm(auto_id="off_%s"),
    }
    return render(request, "staff/second_step.html", context, status=status)


def _new_salt(request: SignedInRequest) -> str:
    # The same until it is confirmed, so that the page may be opened again.
    return request.session.setdefault(_SALT, codes.new_salt())


def _codes_page(request: SignedInRequest, given: list[str]) -> HttpResponse:
    shown = [codes.grouped(code) for code in given]
    context = {
        "codes": shown,
        "codes_in_lines": "\n".join(shown),
        "file": as_link(request.user, shown, at=timezone.now()),
        "next": arrival.wanted(request),
    }
    return render(request, "staff/recovery_codes.html", context)
