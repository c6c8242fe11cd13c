"""Credit accounts in the back office, with their groups, rates and ledger."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credit import lifecycle
from credit.admin.asking import ReasonForm, ask_first
from credit.models import CreditAccount, Invoice, LedgerEntry
from journal.admin import ReadOnlyAdmin

_BALANCES = ["reserved", "delivered", "receivable", "paid"]


class ReviewForm(forms.Form):
    """By when the credit is to be reviewed."""

    review_on = forms.DateField(
        label=_("Credit review due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty for no such day."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where the review is put off."),
    )


class GroupForm(ReasonForm):
    """Under whom the accounts belong."""

    parent = forms.ModelChoiceField(
        label=_("Group"),
        queryset=CreditAccount.objects.none(),
        required=False,
        help_text=_(
            "The account at the head of the group. Leave it empty to take them out of their group."
        ),
    )
    field_order = ["parent", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        field.queryset = CreditAccount.objects.select_related("customer").order_by("customer__code")
        widget = AutocompleteSelect(CreditAccount._meta.get_field("parent"), admin.site)
        widget.choices = field.choices
        field.widget = widget


@admin.register(CreditAccount)
class CreditAccountAdmin(admin.ModelAdmin):
    """A new account grants nothing; its limits are entered one by one."""

    list_display = ["customer", "currency", "parent", *_BALANCES]
    list_filter = ["currency"]
    search_fields = ["customer__code", "customer__name"]
    list_select_related = ["customer", "parent__customer"]
    ordering = ["customer__code"]
    autocomplete_fields = ["customer"]
    fields = ["customer", "currency", "parent", "review_on", *_BALANCES]
    actions = ["change_group", "change_review"]

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

    def has_limit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("credit.change_limit")

    @admin.action(description=_("Change the group of the chosen accounts"), permissions=["limit"])
    def change_group(
        self, request: HttpRequest, queryset: QuerySet[CreditAccount]
    ) -> HttpResponse | None:
        by: Any = request.user
        at = timezone.now()

        def join(account: CreditAccount, values: dict[str, Any]) -> None:
            parent = values["parent"]
            lifecycle.join_group(
                account_id=account.pk,
                parent_id=parent.pk if parent else None,
                reason=values["reason"],
                by=by,
                at=at,
            )

        title = gettext("Change group")
        rows = queryset.select_related("customer").order_by("pk")
        return ask_first(self, request, rows, form=GroupForm, title=title, act=join)

    @admin.action(description=_("Set the day of the credit review"), permissions=["limit"])
    def change_review(
        self, request: HttpRequest, queryset: QuerySet[CreditAccount]
    ) -> HttpResponse | None:
        by: Any = request.user
        at = timezone.now()

        def set_day(account: CreditAccount, values: dict[str, Any]) -> None:
            lifecycle.set_review(account_id=account.pk, by=by, at=at, **values)

        title = gettext("Set credit review")
        rows = queryset.select_related("customer").order_by("pk")
        return ask_first(self, request, rows, form=ReviewForm, title=title, act=set_day)


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
