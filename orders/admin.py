"""Products in the back office; orders are worked on in the product and only looked at here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from journal.admin import JournaledAdmin, ReadOnlyAdmin
from orders.enums import OrderAction
from orders.models import (
    Decision,
    FulfilmentEvent,
    Order,
    Product,
    ProductFlag,
    ProductPrice,
    Warehouse,
)


class PriceInline(admin.TabularInline):
    model = ProductPrice
    extra = 0


@admin.register(Product)
class ProductAdmin(JournaledAdmin):
    journal_action = OrderAction.PRODUCT_CHANGED
    list_display = ["sku", "name", "category", "tax_percent", "active"]
    list_filter = ["active", "category"]
    search_fields = ["sku", "name"]
    ordering = ["sku"]
    inlines = [PriceInline]


@admin.register(Warehouse)
class WarehouseAdmin(JournaledAdmin):
    journal_action = OrderAction.WAREHOUSE_CHANGED
    list_display = ["code", "name_en", "name_zh_hans", "name_zh_hant", "active"]
    list_filter = ["active"]
    search_fields = ["code", "name_en", "name_zh_hans", "name_zh_hant"]


@admin.register(FulfilmentEvent)
class FulfilmentEventAdmin(ReadOnlyAdmin):
    list_display = ["received_at", "source", "external_id", "kind", "order", "state"]
    list_filter = ["state", "kind"]
    list_select_related = ["order"]
    search_fields = ["external_id", "reference"]
    show_full_result_count = False


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "customer", "state", "total", "currency", "owner", "created_at"]
    list_filter = ["state", "source", "history", "currency"]
    list_select_related = ["customer", "owner"]
    search_fields = ["number", "external_id", "customer__code"]
    show_full_result_count = False


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["at", "order", "kind", "outcome", "amount", "currency", "excess"]
    list_filter = ["kind", "outcome"]
    list_select_related = ["order"]
    search_fields = ["order__number"]
    show_full_result_count = False


@admin.register(ProductFlag)
class ProductFlagAdmin(ReadOnlyAdmin):
    list_display = ["goods", "kind", "raised_at", "raised_by", "lifted_at"]
    list_filter = ["kind", "category"]
    list_select_related = ["product", "raised_by"]
    ordering = ["-raised_at"]
    search_fields = ["product__sku", "product__name", "category", "lot", "evidence"]
    show_full_result_count = False

    @admin.display(description=_("goods"))
    def goods(self, flag: ProductFlag) -> str:
        return flag.goods
