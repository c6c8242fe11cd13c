"""Admin classes that write down what is changed through them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal import actions
from journal.changes import plain
from journal.export import entry_sheet, state_label, subject_name
from journal.models import Entry
from journal.record import record
from staff.downloads import download


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

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # Django would delete without an entry

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
    return plain(value)


class VerbAdmin(admin.ModelAdmin):
    """Saves by the verbs of the lifecycle, which ask again who may, and write the journal."""

    def enter(self, values: Mapping[str, Any], **who: Any) -> models.Model:
        """Let the verb make a thing of what the form says; `who` is by whom and when."""
        raise NotImplementedError

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> object:
        """Let the verb give the thing the values that the form has changed."""
        raise NotImplementedError

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool
    ) -> None:
        """Hand over to the verb."""
        who = {"by": request.user, "at": timezone.now()}
        if change:
            self.change(obj.pk, {n: form.cleaned_data[n] for n in form.changed_data}, **who)
        else:
            obj.pk = self.enter(form.cleaned_data, **who).pk

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """There is no verb for it."""
        return False


class RemovingAdmin(VerbAdmin):
    """A `VerbAdmin` that also removes by a verb."""

    def remove(self, pk: int, **who: Any) -> None:
        """Let the verb take the thing away."""
        raise NotImplementedError

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As Django has it; the verb asks again."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Hand over to the verb; the page before has told what stands against it."""
        self.remove(obj.pk, by=request.user, at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """One by one."""
        for thing in queryset:
            self.delete_model(request, thing)


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
        "why", "data",
    ]  # fmt: skip

    def get_urls(self) -> list[Any]:
        own = self.admin_site.admin_view(self.export)
        return [path("export/", own, name="journal_entry_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """Exactly what the list shows, all its pages, as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked, narrowed = request.GET, request.GET.copy()
        narrowed.pop("as", None)
        request.GET = narrowed  # type: ignore[assignment]
        entries = self.get_changelist_instance(request).get_queryset(request)
        request.GET = asked
        return download(request, entry_sheet(entries))

    @admin.display(description=_("what"))
    def what(self, entry: Entry) -> str:
        return entry.label

    @admin.display(description=_("subject"))
    def subject(self, entry: Entry) -> str:
        return subject_name(entry)

    @admin.display(description=_("reason"))
    def why(self, entry: Entry) -> str:
        return entry.words

    @admin.display(description=_("from state"))
    def from_label(self, entry: Entry) -> str:
        return state_label(entry, entry.from_state)

    @admin.display(description=_("to state"))
    def to_label(self, entry: Entry) -> str:
        return state_label(entry, entry.to_state)


# At the end: these pages are made of what stands above, and register themselves.
from journal.webhooks import admin as _webhooks  # noqa: E402, F401
