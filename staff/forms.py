from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staff import zones
from staff.enums import Language
from staff.models import User


class DefaultedChoice(forms.ChoiceField):
    """A choice whose empty value is one of the answers, so that the field is never left out."""

    empty_values = [None]

    class widget(forms.Select):
        def use_required_attribute(self, initial: Any) -> bool:
            return False  # browsers take an empty value for no answer


def zone_field(person: User, *, at: datetime) -> forms.ChoiceField:
    """A choice of time zones with their offsets at `at`, the person’s own among them."""
    return DefaultedChoice(
        label=_("Time zone"),
        help_text=_("Times on every page are shown in this zone."),
        choices=[("", _("The server’s own")), *zones.choices(at, person.time_zone)],
    )


class SignInForm(AuthenticationForm):
    """Sign-in name and password."""

    error_messages = {
        "invalid_login": _(
            "This sign-in name and password do not belong together. "
            "Capital and small letters count in both."
        ),
        "inactive": _("This account is closed. Ask an administrator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Sign-in name")
        self.fields["username"].widget.attrs |= {"spellcheck": "false", "autocorrect": "off"}
        # After a wrong password the name is right more often than not.
        known = self.data.get("username") or self.initial.get("username")
        retyped = "password" if known else "username"
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields[retyped].widget.attrs["autofocus"] = True


class ProfileForm(forms.ModelForm):
    """What people may change about themselves; roles and department are an administrator's."""

    class Meta:
        model = User
        fields = ["full_name", "email", "language", "time_zone", "theme"]
        help_texts = {
            "full_name": _("As colleagues should see it on orders, approvals and tickets."),
        }

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        """`at` decides which offset from UTC is shown beside each city."""
        super().__init__(*args, **kwargs)
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["language"] = DefaultedChoice(label=_("Language"), choices=Language.choices)
        self.fields["time_zone"] = zone_field(self.instance, at=at)


class PasswordForm(PasswordChangeForm):
    """The present password, tried and counted as at the sign-in, and the new one twice."""

    error_messages = PasswordChangeForm.error_messages | {
        "password_incorrect": _("This is not your present password."),
    }

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password once more")

    def clean_old_password(self) -> str:
        given: str = self.cleaned_data["old_password"]
        if not authenticate(self.request, username=self.user.get_username(), password=given):
            raise ValidationError(self.error_messages["password_incorrect"])
        return given
