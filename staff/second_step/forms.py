from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.second_step import codes


class CodeForm(forms.Form):
    """The code of the second step while signing in. The name keeps it out of what is kept."""

    one_time_password = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
        help_text=_("Six digits from the app on your phone, or a recovery code of twelve."),
        error_messages={"required": _("Enter the code.")},
    )
    lengths: tuple[int, ...] = (codes.CODE_DIGITS, codes.RECOVERY_DIGITS)
    wrong_length = _("A code has six digits, a recovery code twelve.")

    def clean_one_time_password(self) -> str:
        """The bare digits."""
        code = codes.digits(self.cleaned_data["one_time_password"])
        if len(code) not in self.lengths:
            raise forms.ValidationError(self.wrong_length)
        return code


class SetUpForm(CodeForm):
    """The first code of an app, which proves that it knows the secret, and the password.

    Without it whoever found a session open could shut its owner out for good.
    """

    password = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    lengths = (codes.CODE_DIGITS,)
    wrong_length = _("The code has six digits.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["one_time_password"].help_text = _("Six digits that the app shows now.")
        self.fields["one_time_password"].widget.attrs.pop("autofocus", None)


class ProofForm(forms.Form):
    """Proof that it is the person who sits there."""

    password_or_code = forms.CharField(
        label=_("Password or code"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Your password, a code from the app, or a recovery code."),
        error_messages={"required": _("Enter your password or a code.")},
    )


class ResetForm(forms.Form):
    """Why somebody's second step is taken away."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How you made sure who asks, and why it is needed. The journal keeps it."),
    )
