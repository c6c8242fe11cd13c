"""The warehouses, what lies in them, and putting a figure right."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import lifecycle
from orders.api import problems as problems
from orders.export_stock import stock_sheet
from orders.forms.goods import MOST, StockFilter
from orders.models import Stock, Warehouse
from orders.models.stock import StockQuerySet
from staff.api.inputs import ReasonIn, RenamedIn
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered

SEE = ("orders.view_stock",)


class StockSerializer(serializers.ModelSerializer):
    """How much of a product lies in a warehouse; `available` is what no order has been given."""

    sku = serializers.CharField(source="product.sku")
    warehouse = serializers.CharField(source="warehouse.code")
    available = serializers.DecimalField(max_digits=15, decimal_places=3)

    class Meta:
        model = Stock
        fields = ("id", "sku", "warehouse", "on_hand", "allocated", "available", "synced_at")


class AdjustIn(ReasonIn):
    """By how many pieces what is on hand was wrong, with a minus where there are fewer, and why."""

    change = serializers.DecimalField(
        max_digits=14, decimal_places=3, min_value=-MOST, max_value=MOST
    )


class WarehouseSerializer(serializers.ModelSerializer):
    """A warehouse; at one that is not active nothing more is allocated."""

    name = serializers.CharField(source="__str__")

    class Meta:
        model = Warehouse
        fields = ("id", "code", "name", "name_en", "name_zh_hans", "name_zh_hant", "active")


class WarehouseChangeIn(RenamedIn):
    """A warehouse, with its name in each language; what is left out stays as it is."""

    code = serializers.CharField(max_length=40, required=False)
    active = serializers.BooleanField(required=False, help_text="Whether it is in use.")


class WarehouseIn(WarehouseChangeIn):
    """A new warehouse; without a name in Chinese the English one is shown."""

    code = serializers.CharField(max_length=40)
    name_en = serializers.CharField(max_length=120)


class StockViewSet(ApiViewSet):
    """Stock. It is told by events of the kind `counted`."""

    access = {"list": SEE, "export": SEE, "retrieve": SEE, "adjust": ("orders.adjust_stock",)}

    @described("Find stock, by SKU", gives=pages(StockSerializer), filters=StockFilter)
    def list(self, request: Request) -> Response:
        return self.listed(self._narrowed(), StockSerializer, ("product__sku", "pk"))

    @exported("Stock, by SKU", filters=StockFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        rows = self._narrowed().order_by("product__sku", "warehouse__code", "pk")
        return self.sent(stock_sheet(rows))

    @described("The stock of one product in one warehouse", gives=StockSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described(
        "Put right what is on hand",
        takes=AdjustIn,
        gives=StockSerializer,
        example={"change": "-2", "reason": "Broken on the shelf."},
    )
    @action(detail=True, methods=["post"])
    def adjust(self, request: Request, pk: int) -> Response:
        given, stock = self.given(AdjustIn), Stock.objects.get(pk=pk)
        lifecycle.adjust_stock(
            product_id=stock.product_id,
            warehouse_id=stock.warehouse_id,
            by=self.user,
            at=self.at,
            **given,
        )
        return self._told(pk)

    def _narrowed(self) -> Any:
        form = StockFilter(self.request.GET, at=self.at)
        filtered(form)
        return form.narrow(self._stock())

    def _told(self, pk: int) -> Response:
        return Response(self.shown(StockSerializer, self._stock().get(pk=pk)))

    def _stock(self) -> StockQuerySet:
        return Stock.objects.with_available().select_related("product", "warehouse")


class WarehouseViewSet(ApiViewSet):
    """Warehouses."""

    tag = "stock"
    access = {
        "list": SEE,
        "retrieve": SEE,
        "create": ("orders.add_warehouse",),
        "partial_update": ("orders.change_warehouse",),
    }

    @described("The warehouses, by code", gives=pages(WarehouseSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(Warehouse.objects.all(), WarehouseSerializer, ("code",))

    @described("One warehouse", gives=WarehouseSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(Warehouse.objects.get(pk=pk))

    @described(
        "Enter a warehouse",
        takes=WarehouseIn,
        gives=WarehouseSerializer,
        status=201,
        example={"code": "SHA", "name_en": "Shanghai", "name_zh_hans": "上海"},
    )
    def create(self, request: Request) -> Response:
        given = self.given(WarehouseIn)
        return self._told(lifecycle.enter_warehouse(values=given, by=self.user, at=self.at), 201)

    @described(
        "Change a warehouse",
        takes=WarehouseChangeIn,
        gives=WarehouseSerializer,
        example={"active": False},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(WarehouseChangeIn)
        changed = lifecycle.change_warehouse(
            warehouse_id=pk, values=given, by=self.user, at=self.at
        )
        return self._told(changed)

    def _told(self, warehouse: Warehouse, status: int = 200) -> Response:
        return Response(self.shown(WarehouseSerializer, warehouse), status)
