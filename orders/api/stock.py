"""What lies in the warehouses, and putting a figure right."""

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import lifecycle
from orders.api import problems as problems
from orders.forms.goods import MOST, StockFilter
from orders.models import Stock, Warehouse
from orders.models.stock import StockQuerySet
from staff.api.inputs import ReasonIn
from staff.api.schema import described, pages
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
        fields = ("id", "code", "name", "active")


class StockViewSet(ApiViewSet):
    """Stock. It is told by events of the kind `counted`."""

    access = {"list": SEE, "retrieve": SEE, "adjust": ("orders.adjust_stock",)}

    @described("Find stock, by SKU", gives=pages(StockSerializer), filters=StockFilter)
    def list(self, request: Request) -> Response:
        form = StockFilter(request.GET, at=self.at)
        filtered(form)
        return self.listed(form.narrow(self._stock()), StockSerializer, ("product__sku", "pk"))

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

    def _told(self, pk: int) -> Response:
        return Response(self.shown(StockSerializer, self._stock().get(pk=pk)))

    def _stock(self) -> StockQuerySet:
        return Stock.objects.with_available().select_related("product", "warehouse")


class WarehouseViewSet(ApiViewSet):
    """Warehouses. Administrators keep them in the administration."""

    tag = "stock"
    access = {"list": SEE}

    @described("The warehouses, by code", gives=pages(WarehouseSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(Warehouse.objects.all(), WarehouseSerializer, ("code",))
