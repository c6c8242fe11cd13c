from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit import lifecycle
from credit.models import Customer, Segment
from journal.admin import RemovingAdmin


@admin.register(Segment)
class SegmentAdmin(RemovingAdmin):
    list_display = ["code", "__str__", "limit_kind", "limit_amount", "limit_currency"]
    search_fields = ["code", "name_en", "name_zh_hans", "name_zh_hant"]

    def enter(self, values: Mapping[str, Any], **who: Any) -> Segment:
        """By the verb."""
        return lifecycle.enter_segment(values=values, **who)

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> Segment:
        """By the verb."""
        return lifecycle.change_segment(segment_id=pk, values=values, **who)

    def remove(self, pk: int, **who: Any) -> None:
        """By the verb."""
        lifecycle.remove_segment(segment_id=pk, **who)


class CustomerForm(forms.ModelForm[Customer]):
    def clean_founded_on(self) -> date | None:
        founded = self.cleaned_data["founded_on"]
        if founded and founded > timezone.localdate(timezone.now()):
            raise ValidationError(_("This day has not come yet."))
        return founded


@admin.register(Customer)
class CustomerAdmin(RemovingAdmin):
    form = CustomerForm
    list_display = ["code", "name", "segment", "owner", "payment_days", "status", "vip"]
    list_filter = ["status", "segment", "vip", "owner"]
    search_fields = ["code", "name"]
    list_select_related = ["segment", "owner"]
    ordering = ["code"]
    autocomplete_fields = ["industry"]
    readonly_fields = ["created_at", "risk_class"]
    fieldsets = [
        (None, {"fields": ["code", "name", "segment", "owner", "vip", "payment_days"]}),
        (None, {"fields": ["status", "status_reason"]}),
        (
            gettext_lazy("Business"),
            {
                "fields": [
                    "founded_on",
                    "annual_revenue",
                    "employees",
                    "external_rating",
                    "industry",
                    "risk_class",
                ],
                "description": gettext_lazy("The next scoring counts what stands here."),
            },
        ),
        (None, {"fields": ["email", "phone", "ship_to_name", "ship_to_address", "country"]}),
        (None, {"fields": ["created_at"]}),
    ]

    def enter(self, values: Mapping[str, Any], **who: Any) -> Customer:
        """By the verb."""
        return lifecycle.enter_customer(values=values, **who)

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> Customer:
        """By the verb."""
        return lifecycle.change_customer(customer_id=pk, values=values, **who)

    def remove(self, pk: int, **who: Any) -> None:
        """By the verb."""
        lifecycle.remove_customer(customer_id=pk, **who)
