"""Absences of everybody in the back office: entered and ended, never overwritten."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from staff.absence import lifecycle
from staff.absence.errors import AbsenceError
from staff.absence.models import Absence
from staff.absence.policies import END
from staff.days import company_day

_ENTERED = ["user", "substitute", "first_day", "last_day", "note"]
_KEPT = ["made_by", "made_at", "ended_at", "back_on"]


class AdminAbsenceForm(forms.ModelForm[Absence]):
    class Meta:
        model = Absence
        fields = _ENTERED
        help_texts = {
            "substitute": _("Decides in the place of whoever is away."),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            values = {name: self.cleaned_data[name] for name in _ENTERED if name != "note"}
            lifecycle.take_turn()  # the page is one transaction: what holds now holds when saved
            try:
                lifecycle.check_absence(**values, today=company_day(timezone.now()))
            except AbsenceError as error:
                raise ValidationError({error.field or "__all__": str(error)}) from error
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The lifecycle judges the absence in words; the constraints would say it again.
        return {*super()._get_validation_exclusions(), *_ENTERED}  # type: ignore[misc]


class WhenFilter(admin.SimpleListFilter):
    """Who is away now, who will be, who was."""

    title = _("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Away today")), ("later", _("Away later")), ("past", _("Past"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Absence]
    ) -> QuerySet[Absence] | None:
        today = company_day(timezone.now())
        chosen = {
            "now": Q(first_day__lte=today, last_day__gte=today)
            & (Q(back_on=None) | Q(back_on__gt=today)),
            "later": Q(first_day__gt=today, back_on=None),
            "past": Q(last_day__lt=today) | Q(back_on__lte=today) | Q(back_on=F("first_day")),
        }
        wanted = chosen.get(self.value() or "")
        return queryset.filter(wanted) if wanted else queryset


@admin.register(Absence)
class AbsenceAdmin(admin.ModelAdmin):
    form = AdminAbsenceForm
    list_display = ["user", "substitute", "first_day", "last_day", "back_on", "state", "note"]
    list_filter = [WhenFilter]
    list_select_related = ["user", "substitute"]
    search_fields = [
        "user__username", "user__full_name", "substitute__username", "substitute__full_name",
    ]  # fmt: skip
    autocomplete_fields = ["user", "substitute"]
    date_hierarchy = "first_day"
    actions = ["end_absences"]

    @admin.display(description=_("state"))
    def state(self, absence: Absence) -> str:
        return str(absence.state_on(company_day(timezone.now())).label)

    def get_fields(self, request: HttpRequest, obj: Absence | None = None) -> Any:
        return [*_ENTERED, *_KEPT] if obj else _ENTERED

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(END)

    def save_model(self, request: HttpRequest, obj: Absence, form: Any, change: bool) -> None:
        by: Any = request.user
        made = lifecycle.set_absence(
            user_id=obj.user_id,
            substitute_id=obj.substitute_id,
            first_day=obj.first_day,
            last_day=obj.last_day,
            note=obj.note,
            by=by,
            at=timezone.now(),
        )
        obj.pk = made.pk

    @admin.action(description=_("End the chosen absences today"), permissions=["end"])
    def end_absences(self, request: HttpRequest, queryset: QuerySet[Absence]) -> None:
        by: Any = request.user
        at, done = timezone.now(), 0
        for absence in queryset.select_related("user").order_by("pk"):
            try:
                lifecycle.end_absence(absence_id=absence.pk, by=by, at=at)
            except (AbsenceError, PermissionDenied) as error:
                self.message_user(request, f"{absence}: {error}", messages.ERROR)
            else:
                done += 1
        if done:
            told = ngettext("%(count)d absence is ended.", "%(count)d absences are ended.", done)
            self.message_user(request, told % {"count": done}, messages.SUCCESS)
