"""Limits in the back office: granted and ended with a reason, never overwritten."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credit import lifecycle
from credit.admin.asking import ReasonForm, ask_first
from credit.days import company_day
from credit.errors import CreditError
from credit.lifecycle.limits import LimitInput, check_limit
from credit.models import CreditLimit

_FIELDS = [
    "account", "type", "kind", "amount", "valid_from", "valid_until", "security",
    "covered_percent", "reference", "reason",
]  # fmt: skip
# Which of these a limit needs depends on its type and kind; the lifecycle says what is missing.
_DEPENDING = ("amount", "covered_percent", "security", "valid_until")
_CHOSEN = {"type", "kind", "security"}


class CreditLimitForm(forms.ModelForm[CreditLimit]):
    class Meta:
        model = CreditLimit
        fields = _FIELDS
        help_texts = {
            "kind": _("Temporary and secured limits are amounts."),
            "amount": _("In the account's currency; only for the kind 'amount'."),
            "valid_until": _("Required for temporary and secured limits."),
            "covered_percent": _("How much of the amount the security covers."),
            "reason": _("It is kept in the history of the limit."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.fields:
            return  # to be read only
        for name in _DEPENDING:
            if name in self.fields:  # there are none on the page that shows a limit
                self.fields[name].required = False
        for name in _CHOSEN & self.fields.keys():
            field: Any = self.fields[name]
            field.choices = [(code, capfirst(label)) for code, label in field.choices]
        if "valid_from" in self.fields:
            self.fields["valid_from"].initial = lambda: company_day(timezone.now())

    def limit(self) -> LimitInput:
        """The limit as the lifecycle takes it."""
        names = [name for name in _FIELDS if name not in ("account", "reason")]
        values: dict[str, Any] = {name: self.cleaned_data.get(name) for name in names}
        return LimitInput(**values)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            try:
                today = company_day(timezone.now())
                check_limit(self.cleaned_data["account"], self.limit(), today)
            except CreditError as error:
                raise ValidationError(str(error)) from error
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The lifecycle judges the limit as a whole, in words; the constraints would say it again.
        return {*super()._get_validation_exclusions(), *_FIELDS}  # type: ignore[misc]


@admin.register(CreditLimit)
class CreditLimitAdmin(admin.ModelAdmin):
    form = CreditLimitForm
    list_display = [
        "account", "type", "kind", "amount", "valid_from", "valid_until", "granted_by", "ended_at",
    ]  # fmt: skip
    list_filter = ["type", "kind", "security", "valid_until"]
    search_fields = ["account__customer__code", "account__customer__name", "reference"]
    list_select_related = ["account__customer", "granted_by"]
    autocomplete_fields = ["account"]
    actions = ["end_limits"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("credit.change_limit")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("credit.change_limit")

    def save_model(self, request: HttpRequest, obj: CreditLimit, form: Any, change: bool) -> None:
        by: Any = request.user
        made = lifecycle.grant_limit(
            account_id=obj.account_id,
            limit=form.limit(),
            reason=obj.reason,
            by=by,
            at=timezone.now(),
        )
        obj.pk = made.pk

    @admin.action(description=_("End the chosen limits"), permissions=["end"])
    def end_limits(
        self, request: HttpRequest, queryset: QuerySet[CreditLimit]
    ) -> HttpResponse | None:
        by: Any = request.user
        at = timezone.now()

        def end(limit: CreditLimit, values: dict[str, Any]) -> None:
            lifecycle.end_limit(limit_id=limit.pk, reason=values["reason"], by=by, at=at)

        rows = queryset.select_related("account__customer").order_by("account_id", "pk")
        title = gettext("End limits")
        return ask_first(self, request, rows, form=ReasonForm, title=title, act=end)
