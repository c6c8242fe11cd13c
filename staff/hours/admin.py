"""The company's calendar in the back office: the week on one page, special days in a list."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staff.hours import lifecycle
from staff.hours.forms import SpecialDayForm, WeekForm
from staff.hours.intervals import written
from staff.hours.loading import weekly
from staff.hours.models import SpecialDay, WorkInterval
from staff.hours.policies import can_change_hours


@admin.register(WorkInterval)
class WeekAdmin(admin.ModelAdmin):
    """The list of intervals is one form: a week is only right or wrong as a whole."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and can_change_hours(_person(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The seven days, to change at once."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        editable = self.has_change_permission(request)
        form = WeekForm(request.POST or None, week=weekly(), editable=editable)
        if request.method == "POST" and form.is_valid():
            lifecycle.set_week(week=form.week, by=_person(request), at=timezone.now())
            messages.success(request, gettext("The business hours are saved."))
            return redirect("admin:staff_workinterval_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Business hours"),
            "opts": self.opts,
            "form": form,
            "editable": editable,
            "zone": timezone.get_default_timezone_name(),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/staff/week.html", context, status=status)


class YearFilter(admin.SimpleListFilter):
    """Special days of one year."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = SpecialDay.objects.dates("day", "year", order="DESC")
        return [(str(first.year), str(first.year)) for first in years]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[SpecialDay]
    ) -> QuerySet[SpecialDay]:
        year = self.value() or ""
        return queryset.filter(day__year=int(year)) if year.isdecimal() else queryset


@admin.register(SpecialDay)
class SpecialDayAdmin(admin.ModelAdmin):
    form = SpecialDayForm
    list_display = ["day", "kind", "__str__", "hours"]
    list_filter = [YearFilter, "kind"]
    search_fields = ["name_en", "name_zh_hans", "name_zh_hant"]
    fields = ["day", "kind", "hours", "name_en", "name_zh_hans", "name_zh_hant"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SpecialDay]:
        return super().get_queryset(request).prefetch_related("intervals")

    @admin.display(description=_("working hours"))
    def hours(self, special: SpecialDay) -> str:
        return written(special.hours) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_change_hours(_person(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_change_hours(_person(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_change_hours(_person(request))

    def save_model(self, request: HttpRequest, obj: SpecialDay, form: Any, change: bool) -> None:
        made = lifecycle.set_special_day(
            pk=obj.pk, entered=form.entered(), by=_person(request), at=timezone.now()
        )
        obj.pk = made.pk

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """As usual, but the hours of a day go with it: nobody needs a right to them alone."""
        found, counts, needed, protected = super().get_deleted_objects(objs, request)
        return found, counts, needed - {WorkInterval._meta.verbose_name}, protected

    def delete_model(self, request: HttpRequest, obj: SpecialDay) -> None:
        lifecycle.remove_special_day(pk=obj.pk, by=_person(request), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SpecialDay]) -> None:
        for special in queryset:
            self.delete_model(request, special)


def _person(request: HttpRequest) -> Any:
    return request.user
