"""What is known to be wrong with what is sold."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import lifecycle
from orders.amounts import LONGEST_LOT
from orders.api.inputs import NoteIn
from orders.api.products import SEE, product_id_of
from orders.enums import FlagKind
from orders.export import flag_sheet
from orders.forms.flags import FlagFilter
from orders.models import ProductFlag
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered


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


class FlagViewSet(ApiViewSet):
    """Flags on what is sold."""

    access = {
        "list": SEE,
        "export": SEE,
        "retrieve": SEE,
        "create": ("orders.flag_product",),
        "lift": ("orders.flag_product",),
    }

    @described("Find flags, newest first", gives=pages(FlagSerializer), filters=FlagFilter)
    def list(self, request: Request) -> Response:
        return self.listed(self._narrowed(), FlagSerializer, ("-raised_at", "-pk"))

    @exported("Flags on what is sold", filters=FlagFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        return self.sent(flag_sheet(self._narrowed(), ("-raised_at", "-pk")))

    @described("One flag", gives=FlagSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._answer(pk)

    @described(
        "Flag a product, a lot or a category", takes=FlagIn, gives=FlagSerializer, status=201
    )
    def create(self, request: Request) -> Response:
        given = self.given(FlagIn)
        if sku := given.pop("sku"):
            given["product_id"] = product_id_of(sku)
        made = lifecycle.raise_flag(by=self.user, at=self.at, **given)
        return self._answer(made.pk, 201)

    @described("Lift a flag", takes=NoteIn, gives=FlagSerializer)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: int) -> Response:
        lifecycle.lift_flag(flag_id=pk, by=self.user, at=self.at, **self.given(NoteIn))
        return self._answer(pk)

    def _narrowed(self) -> Any:
        form = FlagFilter(self.request.GET)
        filtered(form)
        return form.narrow(self._flags())

    def _flags(self) -> Any:
        return ProductFlag.objects.select_related("product", "raised_by", "lifted_by")

    def _answer(self, pk: int, status: int = 200) -> Response:
        return Response(self.shown(FlagSerializer, self._flags().get(pk=pk)), status)
