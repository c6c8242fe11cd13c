"""Choosing files, and saying why one is removed."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from journal.attachments.content import ACCEPTED


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; the cleaned value is a list. Each is looked at when it is attached."""

    widget = SeveralFiles(attrs={"accept": ACCEPTED})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(given)


class AttachForm(forms.Form):
    """Files, and what they are."""

    chosen = FilesField(
        label=_("Files"), error_messages={"required": _("Choose at least one file.")}
    )
    about = forms.CharField(
        label=_("What it is"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RemoveForm(forms.Form):
    """Why a file is removed."""

    reason = forms.CharField(
        label=_("Why it is removed"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
