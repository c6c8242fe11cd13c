from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from staff.absence import lifecycle
from staff.absence.errors import AbsenceError
from staff.absence.forms import AbsenceForm
from staff.absence.models import Absence
from staff.access import SignedInRequest, signed_in
from staff.days import company_day
from staff.views import profile_page


@signed_in
@require_POST
def set_absence(request: SignedInRequest) -> HttpResponse:
    """Keep one's own absence; what is wrong is said on the profile page."""
    at = timezone.now()
    form = AbsenceForm(request.POST, user=request.user, today=company_day(at))
    if form.is_valid():
        values = form.cleaned_data
        substitute = values.pop("substitute")
        substitute_id = substitute.pk if substitute else None
        user = request.user
        try:
            lifecycle.set_absence(
                user_id=user.pk, substitute_id=substitute_id, by=user, at=at, **values
            )
        except AbsenceError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Your absence is entered."))
            return redirect("staff:profile")
    return profile_page(request, at=at, absence_form=form, status=422)


@signed_in
@require_POST
def end_absence(request: SignedInRequest, pk: int) -> HttpResponse:
    """End an absence today, or before it begins."""
    get_object_or_404(Absence, pk=pk)
    try:
        lifecycle.end_absence(absence_id=pk, by=request.user, at=timezone.now())
    except AbsenceError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The absence is ended."))
    return redirect("staff:profile")
