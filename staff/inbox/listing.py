"""What the inbox shows for an address: its tab and its filters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

from staff.inbox import kinds
from staff.inbox.models import Notice
from staff.inbox.querysets import NoticeQuerySet
from staff.models import User

UNREAD, ALL = "unread", "all"
TABS = {UNREAD: _("Unread"), ALL: _("All")}


def kinds_for(user: User) -> list[kinds.Kind]:
    """The kinds that somebody may be told of, by their names: what they choose among."""
    return [kind for kind in kinds.every() if not kind.needs or user.has_perm(kind.needs)]


class NoticeFilter(forms.Form):
    """What the inbox is narrowed to."""

    q = forms.CharField(label=_("Order, customer, person or amount"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, data: QueryDict, user: User) -> None:
        super().__init__(data)
        offered = [(kind.code, kind.name) for kind in kinds_for(user)]
        self.fields["kind"].choices = [("", _("All")), *offered]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Listing:
    """The notices that an address asks for."""

    form: NoticeFilter
    code: str
    notices: NoticeQuerySet

    @property
    def tabs(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": f"?view={code}", "current": code == self.code}
            for code, label in TABS.items()
        ]

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force beside the tab."""
        return any(self.form.data.get(name) for name in self.form.fields)


def listing(query: QueryDict, user: User) -> Listing:
    """Read an address of the inbox of `user`; broken filters show nothing, and say so."""
    code = query.get("view", UNREAD)
    code = code if code in TABS else UNREAD
    notices = Notice.objects.for_user(user)
    if code == UNREAD:
        notices = notices.unread()
    form = NoticeFilter(query, user)
    if not form.is_valid():
        return Listing(form, code, notices.none())
    if kind := form.cleaned_data["kind"]:
        notices = notices.filter(kind=kind)
    if words := form.cleaned_data["q"]:
        named = [k.code for k in kinds.every() if words.casefold() in k.name.casefold()]
        notices = notices.saying(words, named)
    return Listing(form, code, notices)


def moment(text: str | None) -> datetime | None:
    """A moment as addresses and forms carry it; None for anything else."""
    try:
        found = parse_datetime(text or "")
    except ValueError:
        return None
    return found if found and is_aware(found) else None
