"""Credit accounts in the back office. Limits go through the lifecycle, with a reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit import lifecycle
from credit.enums import CreditAction
from credit.errors import CreditError
from credit.lifecycle.limits import LimitInput, check_limit
from credit.models import CreditAccount, CreditLimit, ExchangeRate, Invoice, LedgerEntry
from journal.admin import JournaledAdmin, ReadOnlyAdmin

_BALANCES = ["reserved", "delivered", "receivable", "paid"]


@admin.register(CreditAccount)
class CreditAccountAdmin(admin.ModelAdmin):
    """A new account grants nothing; its limits are entered one by one."""

    list_display = ["customer", "currency", "parent", *_BALANCES]
    list_filter = ["currency"]
    search_fields = ["customer__code", "customer__name"]
    list_select_related = ["customer", "parent__customer"]
    autocomplete_fields = ["customer"]
    fields = ["customer", "currency", "parent", "review_on", *_BALANCES]

    def get_readonly_fields(
        self, request: HttpRequest, obj: CreditAccount | None = None
    ) -> list[str]:
        """Who the account belongs to and its currency stay."""
        return [*(["customer", "currency"] if obj else []), "parent", "review_on", *_BALANCES]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: CreditAccount, form: forms.ModelForm, change: bool
    ) -> None:
        by: Any = request.user
        made = lifecycle.open_account(
            customer_id=obj.customer_id, currency=obj.currency, by=by, at=timezone.now()
        )
        obj.pk = made.pk


_LIMIT_FIELDS = [
    "account", "type", "kind", "amount", "valid_from", "valid_until", "security",
    "covered_percent", "reference", "reason",
]  # fmt: skip


class CreditLimitForm(forms.ModelForm[CreditLimit]):
    class Meta:
        model = CreditLimit
        fields = _LIMIT_FIELDS
        help_texts = {
            "kind": _("Temporary and secured limits are amounts."),
            "amount": _("In the account's currency; only for the kind 'amount'."),
            "valid_until": _("Required for temporary and secured limits."),
            "covered_percent": _("How much of the amount the security covers."),
            "reason": _("It is kept in the history of the limit."),
        }

    def limit(self) -> LimitInput:
        """The limit as the lifecycle takes it."""
        names = [name for name in _LIMIT_FIELDS if name not in ("account", "reason")]
        values: dict[str, Any] = {name: self.cleaned_data.get(name) for name in names}
        return LimitInput(**values)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            try:
                check_limit(self.cleaned_data["account"], self.limit())
            except CreditError as error:
                raise ValidationError(str(error)) from error
        return cleaned


@admin.register(CreditLimit)
class CreditLimitAdmin(admin.ModelAdmin):
    """Limits are granted and ended, never overwritten."""

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
    def end_limits(self, request: HttpRequest, queryset: QuerySet[CreditLimit]) -> None:
        by: Any = request.user
        for limit in queryset.order_by("account_id", "pk"):
            try:
                lifecycle.end_limit(
                    limit_id=limit.pk,
                    reason=str(_("Ended in the back office.")),
                    by=by,
                    at=timezone.now(),
                )
            except (CreditError, PermissionDenied) as error:
                self.message_user(request, f"{limit}: {error}", messages.ERROR)


@admin.register(ExchangeRate)
class ExchangeRateAdmin(JournaledAdmin):
    journal_action = CreditAction.RATE_CHANGED
    list_display = ["valid_on", "source", "target", "rate", "origin"]
    list_filter = ["source", "target"]
    date_hierarchy = "valid_on"
    search_fields = ["origin"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "account", "movement", "from_bucket", "to_bucket", "amount", "document"]
    list_filter = ["movement"]
    list_select_related = ["account__customer"]
    search_fields = ["document", "account__customer__code"]
    show_full_result_count = False


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ["number", "account", "amount", "open_amount", "issued_on", "due_on"]
    list_select_related = ["account__customer"]
    search_fields = ["number", "account__customer__code"]
    date_hierarchy = "due_on"
    show_full_result_count = False
