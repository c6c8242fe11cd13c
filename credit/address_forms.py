"""What is typed to keep an address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.lifecycle import Place


class AddressForm(forms.Form):
    """One address of a customer's book."""

    name = forms.CharField(label=_("Recipient"), required=False, max_length=120)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    address = forms.CharField(
        label=_("Ship-to address"),
        max_length=300,
        error_messages={"required": _("Write the address.")},
    )

    @property
    def place(self) -> Place:
        """The address as the lifecycle takes it."""
        return Place(**self.cleaned_data)
