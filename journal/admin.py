"""Admin classes that write down what is changed through them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from journal.models import Entry
from journal.record import record


class ReadOnlyAdmin(admin.ModelAdmin):
    """For rows that only the lifecycle writes: they can be looked at, by whoever may view them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class JournaledAdmin(admin.ModelAdmin):
    """Journals each save with the fields that changed, before and after, as `journal_action`."""

    journal_action: str

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change or form.changed_data:
            record(
                action=self.journal_action,
                subject=obj,
                by=request.user,
                at=timezone.now(),
                data={
                    "before": {name: _plain(form.initial.get(name)) for name in form.changed_data}
                    if change
                    else {},
                    "after": {name: _plain(form.cleaned_data[name]) for name in form.changed_data},
                },
            )

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool
    ) -> None:
        super().save_formset(request, form, formset, change)
        saved = [*formset.new_objects, *(row for row, _fields in formset.changed_objects)]
        if saved or formset.deleted_objects:
            record(
                action=self.journal_action,
                subject=form.instance,
                by=request.user,
                at=timezone.now(),
                data={
                    "saved": [str(row) for row in saved],
                    "deleted": [str(row) for row in formset.deleted_objects],
                },
            )


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "label", "subject_type", "subject_id", "by", "from_state", "to_state"]
    list_filter = ["action", "subject_type"]
    date_hierarchy = "at"
    list_select_related = ["by"]
    show_full_result_count = False
    search_fields = ["=subject_id", "=order_id", "by__username"]
