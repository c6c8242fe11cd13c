"""Admin classes that write down what is changed through them."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal import actions
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
    if isinstance(value, list | models.QuerySet):
        return [_plain(each) for each in value]
    return value.pk if isinstance(value, models.Model) else value


class ActionFilter(admin.SimpleListFilter):
    """Actions under their labels; the model knows their codes only."""

    title = _("what")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return actions.labels()

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Entry]
    ) -> models.QuerySet[Entry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "what", "subject", "by", "from_label", "to_label"]
    list_filter = [ActionFilter]
    date_hierarchy = "at"
    list_select_related = ["by"]
    show_full_result_count = False
    search_fields = ["=subject_id", "=order_id", "by__username"]
    search_help_text = _("Number of the subject or of the order, or a user name")
    fields = [
        "at", "recorded_at", "by", "what", "subject", "order_id", "from_label", "to_label",
        "reason", "data",
    ]  # fmt: skip

    @admin.display(description=_("what"))
    def what(self, entry: Entry) -> str:
        return entry.label

    @admin.display(description=_("subject"))
    def subject(self, entry: Entry) -> str:
        name = apps.get_model(entry.subject_type)._meta.verbose_name
        return f"{name} {entry.subject_id}"

    @admin.display(description=_("from state"))
    def from_label(self, entry: Entry) -> str:
        return _state(entry, entry.from_state)

    @admin.display(description=_("to state"))
    def to_label(self, entry: Entry) -> str:
        return _state(entry, entry.to_state)


def _state(entry: Entry, code: str) -> str:
    """A state code in words, as the subject's own model names it."""
    if not code:
        return ""
    states: Any = apps.get_model(entry.subject_type)._meta.get_field("state")
    return str(dict(states.flatchoices).get(code, code))


# At the end: these pages are made of what stands above, and register themselves.
from journal.webhooks import admin as _webhooks  # noqa: E402, F401
