"""The form by which people say that they will be away."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.absence.policies import substitutes_for
from staff.models import User

# More people than these are found by typing a sign-in name; the list is only a help.
OFFERED = 500
_SIGN_IN_NAME = re.compile(r"[((]([^()()]+)[))]\s*$")


def choice(person: User) -> str:
    """A person as the list of suggestions writes them."""
    return f"{person.full_name} ({person.username})" if person.full_name else person.username


class PersonField(forms.CharField):
    """Somebody found by typing a part of the name; taken by sign-in name or whole name."""

    def clean(self, value: Any) -> User | None:
        """The person; None if nothing is written. Raises ValidationError for nobody or several."""
        text = super().clean(value)
        if not text:
            return None
        named = _SIGN_IN_NAME.search(text)
        username = named.group(1).strip() if named else text
        found = list(User.objects.filter(username__iexact=username)[:2]) or list(
            User.objects.filter(full_name__iexact=text, is_active=True)[:2]
        )
        if len(found) != 1:
            raise ValidationError(
                _("“%(text)s” is nobody here. Type a part of the name, then choose."),
                params={"text": text},
            )
        return found[0]


class AbsenceForm(forms.Form):
    """From when until when, and who stands in."""

    first_day = forms.DateField(
        label=gettext_lazy("First day away"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day away"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    substitute = PersonField(
        label=gettext_lazy("Substitute"),
        required=False,
        max_length=320,
        help_text=gettext_lazy(
            "Decides in your place what waits for you. Without one, nobody does until you are back."
        ),
        widget=forms.TextInput(
            attrs={"list": "substitutes", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=200)

    def __init__(self, data: Any, *, user: User, today: date) -> None:
        """`today` is the company's day: no absence begins before it."""
        super().__init__(data)
        self.user = user
        for name in ("first_day", "last_day"):
            self.fields[name].widget.attrs["min"] = today.isoformat()

    @property
    def suggestions(self) -> list[str]:
        """The people who can stand in, as they are written into the field."""
        return [choice(person) for person in substitutes_for(self.user)[:OFFERED]]
