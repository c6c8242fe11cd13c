"""The journal as a file for a spreadsheet, for those who audit it."""

import json
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from journal.models import Entry
from staff.sheets import Column, Kind, Sheet


def subject_name(entry: Entry) -> str:
    """What kind of thing the entry is about, and which."""
    name = apps.get_model(entry.subject_type)._meta.verbose_name
    return f"{name} {entry.subject_id}"


def state_label(entry: Entry, code: str) -> str:
    """A state code in words, as the subject's own model names it."""
    if not code:
        return ""
    states: Any = apps.get_model(entry.subject_type)._meta.get_field("state")
    return str(dict(states.flatchoices).get(code, code))


_COLUMNS = (
    Column(_("Number"), "pk", Kind.NUMBER),
    Column(_("When"), "at", Kind.MOMENT),
    Column(_("Recorded"), "recorded_at", Kind.MOMENT),
    Column(_("Who"), "by__display_name"),
    Column(_("User name"), "by__username"),
    Column(_("What"), "label"),
    Column(_("Subject"), subject_name),
    Column(_("Order"), "order_id", Kind.NUMBER),
    Column(_("From state"), lambda entry: state_label(entry, entry.from_state)),
    Column(_("To state"), lambda entry: state_label(entry, entry.to_state)),
    Column(_("Reason"), "words"),
    Column(
        _("Figures"),
        lambda entry: json.dumps(entry.data, ensure_ascii=False, sort_keys=True),
    ),
)


def entry_sheet(entries: QuerySet[Entry]) -> Sheet:
    """The entries, in their order, each with everything it keeps."""
    return Sheet("journal", _COLUMNS, entries.select_related("by"))
