"""Products in the back office; orders are worked on in the product and only looked at here."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.admin import ReadOnlyAdmin, RemovingAdmin, VerbAdmin
from orders import lifecycle
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
class ProductAdmin(RemovingAdmin):
    list_display = ["sku", "name", "category", "tax_percent", "active"]
    list_filter = ["active", "category"]
    search_fields = ["sku", "name"]
    ordering = ["sku"]
    inlines = [PriceInline]

    def enter(self, values: Mapping[str, Any], **who: Any) -> Product:
        """By the verb."""
        return lifecycle.enter_product(values=values, **who)

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> Product:
        """By the verb."""
        return lifecycle.change_product(product_id=pk, values=values, **who)

    def remove(self, pk: int, **who: Any) -> None:
        """By the verb."""
        lifecycle.remove_product(product_id=pk, **who)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool
    ) -> None:
        """Prices by their verbs; one that is put into another currency leaves its own."""
        formset.save(commit=False)
        who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
        pk = form.instance.pk
        moved = [
            each.initial["currency"]
            for each in formset.initial_forms
            if "currency" in each.changed_data and each not in formset.deleted_forms
        ]
        for currency in [*(row.currency for row in formset.deleted_objects), *moved]:
            lifecycle.remove_price(product_id=pk, currency=currency, **who)
        rows = [*formset.new_objects, *(row for row, _fields in formset.changed_objects)]
        prices = [lifecycle.ListPrice(pk, row.currency, row.price, row.cost) for row in rows]
        if prices:
            lifecycle.set_prices(prices=prices, **who)


@admin.register(Warehouse)
class WarehouseAdmin(VerbAdmin):
    list_display = ["code", "name_en", "name_zh_hans", "name_zh_hant", "active"]
    list_filter = ["active"]
    search_fields = ["code", "name_en", "name_zh_hans", "name_zh_hant"]

    def enter(self, values: Mapping[str, Any], **who: Any) -> Warehouse:
        """By the verb."""
        return lifecycle.enter_warehouse(values=values, **who)

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> Warehouse:
        """By the verb."""
        return lifecycle.change_warehouse(warehouse_id=pk, values=values, **who)


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
