"""The documents behind receivables, to look at in the back office."""

from django.contrib import admin

from credit.models import Dispute, InvoiceAdjustment, Receipt, Refund
from journal.admin import ReadOnlyAdmin


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    list_display = ["received_on", "account", "amount", "unallocated", "reference", "source"]
    list_filter = ["source", "method"]
    list_select_related = ["account__customer"]
    search_fields = ["reference", "external_id", "account__customer__code"]
    show_full_result_count = False


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ["refunded_on", "receipt", "amount", "method", "reference", "recorded_by"]
    list_filter = ["method"]
    list_select_related = ["receipt", "recorded_by"]
    search_fields = ["reference", "receipt__reference", "receipt__account__customer__code"]
    show_full_result_count = False


@admin.register(InvoiceAdjustment)
class InvoiceAdjustmentAdmin(ReadOnlyAdmin):
    list_display = ["number", "kind", "invoice", "amount", "effective_on", "by"]
    list_filter = ["kind"]
    list_select_related = ["invoice", "by"]
    search_fields = ["number", "invoice__number"]
    show_full_result_count = False


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    list_display = ["invoice", "reason", "amount", "opened_at", "outcome"]
    list_filter = ["reason", "outcome"]
    list_select_related = ["invoice"]
    search_fields = ["invoice__number"]
    show_full_result_count = False
