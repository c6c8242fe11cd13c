"""The ship-to addresses of customers."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from credit import lifecycle
from credit.api import problems as problems
from credit.lifecycle import Place
from credit.models import Address, Customer
from staff.api.people import WhoSerializer
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet

KEEP = ("credit.keep_addresses",)
EXAMPLE = {"name": "Chen Wei", "phone": "+86 138 0013 8000", "address": "88 Century Avenue"}


class AddressSerializer(serializers.ModelSerializer):
    """An address of the book; the default is offered first on new orders."""

    customer = serializers.IntegerField(source="customer_id")
    added_by = WhoSerializer()

    class Meta:
        model = Address
        fields = (
            "id",
            "customer",
            "name",
            "phone",
            "address",
            "default",
            "added_by",
            "added_at",
            "removed_at",
        )


class PlaceIn(serializers.Serializer):
    """What an address says from now on. Orders keep what it said."""

    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, allow_blank=True, default="")
    address = serializers.CharField(max_length=300)


class AddressIn(PlaceIn):
    """A new address; as the default it is offered first."""

    default = serializers.BooleanField(default=False)


class BookViewSet(ApiViewSet):
    """The address book of a customer."""

    tag = "customers"
    access = {"addresses": ("credit.view_customer",), "add_address": KEEP}

    @described("The addresses of a customer, the default first", gives=pages(AddressSerializer))
    @action(detail=True)
    def addresses(self, request: Request, pk: int) -> Response:
        found = self._customer(pk).addresses.in_use().select_related("added_by")
        return self.listed(found, AddressSerializer, ("-default", "name", "address", "pk"))

    @described(
        "Put an address into the book",
        takes=AddressIn,
        gives=AddressSerializer,
        status=201,
        example=EXAMPLE,
    )
    @addresses.mapping.post
    def add_address(self, request: Request, pk: int) -> Response:
        given = self.given(AddressIn)
        default = given.pop("default")
        made = lifecycle.add_address(
            customer_id=self._customer(pk).pk,
            place=Place(**given),
            default=default,
            by=self.user,
            at=self.at,
        )
        return Response(self.shown(AddressSerializer, made), 201)

    def _customer(self, pk: int) -> Customer:
        return Customer.objects.for_user(self.user).get(pk=pk)


class AddressViewSet(ApiViewSet):
    """One address."""

    tag = "customers"
    access = {"update": KEEP, "make_default": KEEP, "remove": KEEP}

    @described("Correct an address", takes=PlaceIn, gives=AddressSerializer, example=EXAMPLE)
    def update(self, request: Request, pk: int) -> Response:
        place = Place(**self.given(PlaceIn))
        return self._did(lifecycle.change_address, place=place)

    @described("Offer an address first from now on", gives=AddressSerializer)
    @action(detail=True, methods=["post"], url_path="default")
    def make_default(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.make_default)

    @described("Take an address out of the book", gives=AddressSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.remove_address)

    def _did(self, verb: Any, **values: Any) -> Response:
        seen = Customer.objects.for_user(self.user)
        address = Address.objects.filter(customer__in=seen).get(pk=self.kwargs["pk"])
        made = verb(address_id=address.pk, by=self.user, at=self.at, **values)
        return Response(self.shown(AddressSerializer, made))
