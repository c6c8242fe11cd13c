"""What lies in the warehouses."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from orders.forms.goods import StockFilter
from orders.models import Stock
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered


class StockSerializer(serializers.ModelSerializer):
    """How much of a product lies in a warehouse; `available` is what no order has been given."""

    sku = serializers.CharField(source="product.sku")
    warehouse = serializers.CharField(source="warehouse.code")
    available = serializers.DecimalField(max_digits=15, decimal_places=3)

    class Meta:
        model = Stock
        fields = ("id", "sku", "warehouse", "on_hand", "allocated", "available", "synced_at")


class StockViewSet(ApiViewSet):
    """Stock. It is told by events of the kind `counted`."""

    access = {"list": ("orders.view_stock",)}

    @described("Find stock, by SKU", gives=pages(StockSerializer), filters=StockFilter)
    def list(self, request: Request) -> Response:
        form = StockFilter(request.GET, at=self.at)
        filtered(form)
        rows = Stock.objects.with_available().select_related("product", "warehouse")
        return self.listed(form.narrow(rows), StockSerializer, ("product__sku", "pk"))
