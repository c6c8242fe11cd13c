"""What is sold, and at which price."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from credit.money import CURRENCIES
from orders import lifecycle
from orders.amounts import HUNDRED
from orders.api.filters import ApiProductFilter
from orders.export import product_sheet
from orders.lifecycle import ListPrice
from orders.models import Product, ProductPrice
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered

SEE = ("orders.view_product",)
MOST_PRICES = 1000
_AMOUNT: dict[str, Any] = {"max_digits": 12, "decimal_places": 2, "min_value": Decimal(0)}


class PriceSerializer(serializers.ModelSerializer):
    """List price and cost of one piece in a currency, without tax. `cost` is null unless seen."""

    cost = serializers.SerializerMethodField()

    class Meta:
        model = ProductPrice
        fields = ("currency", "price", "cost")

    @extend_schema_field(serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True))
    def get_cost(self, price: ProductPrice) -> str | None:
        """The cost, for those who may see margins."""
        seen = self.context["request"].user.has_perm("orders.view_margin")
        return str(price.cost) if seen and price.cost is not None else None


class ProductSerializer(serializers.ModelSerializer):
    """A product with its prices."""

    prices = PriceSerializer(many=True)

    class Meta:
        model = Product
        fields = ("id", "sku", "name", "category", "tax_percent", "active", "prices")


class ProductChangeIn(serializers.Serializer):
    """What a product is; what is left out stays as it is."""

    sku = serializers.CharField(max_length=60, required=False)
    name = serializers.CharField(max_length=200, required=False)
    category = serializers.CharField(max_length=80, allow_blank=True, required=False)
    tax_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=HUNDRED, required=False
    )
    active = serializers.BooleanField(required=False, help_text="Whether it is sold.")


class ProductIn(ProductChangeIn):
    """A new product. It is sold in the currencies in which it has a price."""

    sku = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=200)


class PriceIn(serializers.Serializer):
    """List price and cost of one piece in a currency, without tax; a cost left out stays."""

    sku = serializers.CharField(max_length=60)
    currency = serializers.ChoiceField(CURRENCIES)
    price = serializers.DecimalField(**_AMOUNT)
    cost = serializers.DecimalField(**_AMOUNT, allow_null=True, required=False)


class PricesIn(serializers.Serializer):
    """Up to 1,000 prices, which are all set, or none of them."""

    prices = serializers.ListField(child=PriceIn(), min_length=1, max_length=MOST_PRICES)


class NoPriceIn(serializers.Serializer):
    """A product by its SKU, and a currency in which it is sold no more."""

    sku = serializers.CharField(max_length=60)
    currency = serializers.ChoiceField(CURRENCIES)


class PricesSetSerializer(serializers.Serializer):
    """How many of the prices are others than before."""

    changed = serializers.IntegerField()


def product_id_of(sku: str) -> int:
    """The product with this SKU. Raises ValidationError without one."""
    found = Product.objects.filter(sku=sku).values_list("pk", flat=True).first()
    if found is None:
        raise ValidationError({"sku": [_("No product has this SKU.")]})
    return found


def _prices(given: Iterable[dict[str, Any]]) -> list[ListPrice]:
    """The prices with their products. Raises ValidationError naming each SKU that none has."""
    prices = list(given)
    skus = Product.objects.filter(sku__in={one["sku"] for one in prices})
    ids = dict(skus.values_list("sku", "pk"))
    unknown = {
        str(place): {"sku": [_("No product has this SKU.")]}
        for place, one in enumerate(prices)
        if one["sku"] not in ids
    }
    if unknown:
        raise ValidationError({"prices": unknown})
    return [
        ListPrice(
            product_id=ids[one["sku"]],
            currency=one["currency"],
            price=one["price"],
            cost=one.get("cost"),
            keeps_cost="cost" not in one,
        )
        for one in prices
    ]


class ProductViewSet(ApiViewSet):
    """Products and their prices."""

    access = {
        "list": SEE,
        "export": SEE,
        "retrieve": SEE,
        "create": ("orders.add_product",),
        "partial_update": ("orders.change_product",),
        "remove": ("orders.delete_product",),
        "set_prices": ("orders.change_productprice",),
        "remove_price": ("orders.delete_productprice",),
    }

    @described("Find products, by SKU", gives=pages(ProductSerializer), filters=ApiProductFilter)
    def list(self, request: Request) -> Response:
        return self.listed(self._narrowed(), ProductSerializer, ("sku", "pk"))

    @exported("Products with their prices", filters=ApiProductFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        costs = self.user.has_perm("orders.view_margin")
        return self.sent(product_sheet(self._narrowed(), costs=costs))

    @described("One product", gives=ProductSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described(
        "Enter a product",
        takes=ProductIn,
        gives=ProductSerializer,
        status=201,
        example={"sku": "CAB-2X1", "name": "Cable 2 × 1 mm²", "tax_percent": "13.00"},
    )
    def create(self, request: Request) -> Response:
        given = self.given(ProductIn)
        made = lifecycle.enter_product(values=given, by=self.user, at=self.at)
        return self._told(made.pk, 201)

    @described(
        "Change a product; orders keep what they were entered with",
        takes=ProductChangeIn,
        gives=ProductSerializer,
        example={"active": False},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(ProductChangeIn)
        lifecycle.change_product(product_id=pk, values=given, by=self.user, at=self.at)
        return self._told(pk)

    @described(
        "Set list prices and costs of products, by SKU and currency",
        takes=PricesIn,
        gives=PricesSetSerializer,
        example={
            "prices": [{"sku": "CAB-2X1", "currency": "CNY", "price": "19.90", "cost": "11.20"}]
        },
    )
    @action(detail=False, methods=["post"], url_path="prices")
    def set_prices(self, request: Request) -> Response:
        prices = _prices(self.given(PricesIn)["prices"])
        changed = lifecycle.set_prices(prices=prices, by=self.user, at=self.at)
        return Response(self.shown(PricesSetSerializer, {"changed": changed}))

    @described(
        "Sell a product in a currency no more",
        takes=NoPriceIn,
        gives=ProductSerializer,
        example={"sku": "CAB-2X1", "currency": "USD"},
    )
    @action(detail=False, methods=["post"], url_path="prices/remove")
    def remove_price(self, request: Request) -> Response:
        given = self.given(NoPriceIn)
        pk = product_id_of(given.pop("sku"))
        lifecycle.remove_price(product_id=pk, by=self.user, at=self.at, **given)
        return self._told(pk)

    @described("Remove a product that was never sold or stored", gives=ProductSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        was = self._told(pk)
        lifecycle.remove_product(product_id=pk, by=self.user, at=self.at)
        return was

    def _narrowed(self) -> Any:
        form = ApiProductFilter(self.request.GET)
        filtered(form)
        return form.narrow(self._products())

    def _products(self) -> Any:
        prices = Prefetch("prices", ProductPrice.objects.order_by("currency"))
        return Product.objects.prefetch_related(prices)

    def _told(self, pk: int, status: int = 200) -> Response:
        return Response(self.shown(ProductSerializer, self._products().get(pk=pk)), status)
