from django.contrib import admin

from credit.enums import CreditAction
from credit.models import Customer, Segment
from journal.admin import JournaledAdmin


@admin.register(Segment)
class SegmentAdmin(JournaledAdmin):
    journal_action = CreditAction.SEGMENT_CHANGED
    list_display = ["code", "__str__", "limit_kind", "limit_amount", "limit_currency"]
    search_fields = ["code", "name_en", "name_zh_hans", "name_zh_hant"]


@admin.register(Customer)
class CustomerAdmin(JournaledAdmin):
    journal_action = CreditAction.CUSTOMER_CHANGED
    list_display = ["code", "name", "segment", "owner", "payment_days", "status", "vip"]
    list_filter = ["status", "segment", "vip", "owner"]
    search_fields = ["code", "name"]
    list_select_related = ["segment", "owner"]
    readonly_fields = ["created_at"]
    fieldsets = [
        (None, {"fields": ["code", "name", "segment", "owner", "vip", "payment_days"]}),
        (None, {"fields": ["status", "status_reason"]}),
        (None, {"fields": ["email", "phone", "ship_to_name", "ship_to_address", "country"]}),
        (None, {"fields": ["created_at"]}),
    ]
