from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.inbox import lifecycle
from staff.inbox.listing import kinds_for
from staff.inbox.models import Unwanted
from staff.models import User


class MailForm(forms.Form):
    """The kinds of notices that somebody wants mail about: all, until they take one away."""

    wanted = forms.MultipleChoiceField(
        label=_("Mail me about"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: User) -> None:
        super().__init__(*args)
        self.user = user
        offered = kinds_for(user)
        self.offered = [kind.code for kind in offered]
        unwanted = set(Unwanted.objects.filter(user=user).values_list("kind", flat=True))
        field = self.fields["wanted"]
        field.choices = [(k.code, k.name) for k in offered]  # type: ignore[attr-defined]
        field.initial = [code for code in self.offered if code not in unwanted]

    def save(self) -> None:
        unwanted = set(self.offered) - set(self.cleaned_data["wanted"])
        lifecycle.choose_mail(user=self.user, unwanted=unwanted, shown=self.offered)
