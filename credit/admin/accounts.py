"""Credit accounts in the back office. Limits go through the lifecycle, with a reason."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit import lifecycle
from credit.models import CreditAccount, Invoice, LedgerEntry
from journal.admin import ReadOnlyAdmin

LIMIT_FIELDS = {"limit_kind", "limit_amount"}


class CreditAccountForm(forms.ModelForm[CreditAccount]):
    reason = forms.CharField(
        label=_("reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Required when the limit changes; it is kept in the journal."),
    )

    class Meta:
        model = CreditAccount
        fields = ["customer", "currency", "limit_kind", "limit_amount"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        limit_changes = self.instance.pk and LIMIT_FIELDS & set(self.changed_data)
        if limit_changes and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", _("Say why the limit changes."))
        return cleaned


@admin.register(CreditAccount)
class CreditAccountAdmin(admin.ModelAdmin):
    form = CreditAccountForm
    list_display = [
        "customer",
        "currency",
        "limit_kind",
        "limit_amount",
        "reserved",
        "delivered",
        "receivable",
    ]
    list_filter = ["currency", "limit_kind"]
    search_fields = ["customer__code", "customer__name"]
    list_select_related = ["customer"]
    autocomplete_fields = ["customer"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: CreditAccount | None = None
    ) -> list[str]:
        """Who the account belongs to and its currency stay; limits need their own permission."""
        balances = ["reserved", "delivered", "receivable", "paid"]
        fixed = ["customer", "currency"] if obj else []
        if not request.user.has_perm("credit.change_limit"):
            fixed += sorted(LIMIT_FIELDS)
        return fixed + balances

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: CreditAccount, form: forms.ModelForm, change: bool
    ) -> None:
        by: Any = request.user
        if not change:
            made = lifecycle.open_account(
                customer_id=obj.customer_id,
                currency=obj.currency,
                kind=obj.limit_kind,
                amount=obj.limit_amount,
                by=by,
                at=timezone.now(),
            )
            obj.pk = made.pk
        elif LIMIT_FIELDS & set(form.changed_data):
            lifecycle.change_limit(
                account_id=obj.pk,
                kind=obj.limit_kind,
                amount=obj.limit_amount,
                reason=form.cleaned_data["reason"],
                by=by,
                at=timezone.now(),
            )


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
