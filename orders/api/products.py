"""What is sold, at which price, and what is known to be wrong with it."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from orders import lifecycle
from orders.amounts import LONGEST_LOT
from orders.api.inputs import NoteIn
from orders.enums import FlagKind
from orders.forms.filters import ProductFilter
from orders.forms.flags import FlagFilter
from orders.models import Product, ProductFlag, ProductPrice
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered


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


class FlagSerializer(serializers.ModelSerializer):
    """A known risk of a product, of a lot of it, or of a category; in force until lifted."""

    sku = serializers.CharField(source="product.sku", default=None, allow_null=True)
    raised_by = serializers.CharField(source="raised_by.display_name")
    lifted_by = serializers.CharField(
        source="lifted_by.display_name", default=None, allow_null=True
    )

    class Meta:
        model = ProductFlag
        fields = (
            "id",
            "kind",
            "sku",
            "lot",
            "category",
            "evidence",
            "raised_at",
            "raised_by",
            "lifted_at",
            "lifted_by",
            "lift_note",
        )


class FlagIn(serializers.Serializer):
    """What is wrong, with what, and how we know: a product by its SKU, or a category."""

    kind = serializers.ChoiceField(FlagKind.choices)
    sku = serializers.CharField(max_length=60, allow_blank=True, default="")
    lot = serializers.CharField(max_length=LONGEST_LOT, allow_blank=True, default="")
    category = serializers.CharField(max_length=80, allow_blank=True, default="")
    evidence = serializers.CharField(max_length=2000)


def _product_id(sku: str) -> int:
    found = Product.objects.filter(sku=sku).values_list("pk", flat=True).first()
    if found is None:
        raise ValidationError({"sku": [_("No product has this SKU.")]})
    return found


class ProductViewSet(ApiViewSet):
    """Products."""

    access = {"list": ("orders.view_product",), "retrieve": ("orders.view_product",)}

    @described("Find products, by SKU", gives=pages(ProductSerializer), filters=ProductFilter)
    def list(self, request: Request) -> Response:
        form = ProductFilter(request.GET)
        filtered(form)
        return self.listed(form.narrow(self._products()), ProductSerializer, ("sku", "pk"))

    @described("One product", gives=ProductSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(self.shown(ProductSerializer, self._products().get(pk=pk)))

    def _products(self) -> Any:
        return Product.objects.prefetch_related("prices")


class FlagViewSet(ApiViewSet):
    """Flags on what is sold."""

    access = {
        "list": ("orders.view_product",),
        "retrieve": ("orders.view_product",),
        "create": ("orders.flag_product",),
        "lift": ("orders.flag_product",),
    }

    @described("Find flags, newest first", gives=pages(FlagSerializer), filters=FlagFilter)
    def list(self, request: Request) -> Response:
        form = FlagFilter(request.GET)
        filtered(form)
        return self.listed(form.narrow(self._flags()), FlagSerializer, ("-raised_at", "-pk"))

    @described("One flag", gives=FlagSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._answer(pk)

    @described(
        "Flag a product, a lot or a category", takes=FlagIn, gives=FlagSerializer, status=201
    )
    def create(self, request: Request) -> Response:
        given = self.given(FlagIn)
        if sku := given.pop("sku"):
            given["product_id"] = _product_id(sku)
        made = lifecycle.raise_flag(by=self.user, at=self.at, **given)
        return self._answer(made.pk, 201)

    @described("Lift a flag", takes=NoteIn, gives=FlagSerializer)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: int) -> Response:
        lifecycle.lift_flag(flag_id=pk, by=self.user, at=self.at, **self.given(NoteIn))
        return self._answer(pk)

    def _flags(self) -> Any:
        return ProductFlag.objects.select_related("product", "raised_by", "lifted_by")

    def _answer(self, pk: int, status: int = 200) -> Response:
        return Response(self.shown(FlagSerializer, self._flags().get(pk=pk)), status)
