"""Exchange rates in the back office, entered one by one or from a file."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from credit.enums import CreditAction
from credit.errors import CreditError
from credit.lifecycle.rates import RateInput, enter_rates, read_rates
from credit.models import ExchangeRate
from journal.admin import JournaledAdmin

LARGEST_FILE = 5 * 1024 * 1024


class ExchangeRateForm(forms.ModelForm[ExchangeRate]):
    class Meta:
        model = ExchangeRate
        fields = ["source", "target", "rate", "valid_on", "origin"]
        error_messages = {"rate": {"min_value": _("A rate is more than 0.")}}


class RateFileForm(forms.Form):
    file = forms.FileField(label=_("CSV file"))

    def clean_file(self) -> list[RateInput]:
        """The rates that the file holds."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 5 MB. Split it into several."))
        try:
            return read_rates(file.read().decode("utf-8-sig").splitlines())
        except UnicodeDecodeError as error:
            raise ValidationError(
                _("The file is not in UTF-8. Save it so, then repeat.")
            ) from error
        except CreditError as error:
            raise ValidationError([*str(error).split("\n")]) from error


@admin.register(ExchangeRate)
class ExchangeRateAdmin(JournaledAdmin):
    form = ExchangeRateForm
    journal_action = CreditAction.RATE_CHANGED
    list_display = ["valid_on", "source", "target", "rate", "origin"]
    list_filter = ["source", "target"]
    date_hierarchy = "valid_on"
    search_fields = ["origin"]

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.import_page)
        return [path("import/", page, name="credit_exchangerate_import"), *super().get_urls()]

    def import_page(self, request: HttpRequest) -> HttpResponse:
        """Take a file of rates, all or nothing."""
        if not self.has_add_permission(request) or not self.has_change_permission(request):
            raise PermissionDenied
        form = RateFileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            by: Any = request.user
            number = enter_rates(rates=form.cleaned_data["file"], by=by, at=timezone.now())
            told = ngettext("%(count)d rate is entered.", "%(count)d rates are entered.", number)
            messages.success(request, told % {"count": number})
            return redirect("admin:credit_exchangerate_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Import rates"),
            "opts": self.opts,
            "form": form,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/credit/import_rates.html", context, status=status)
