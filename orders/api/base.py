"""What the views of orders share."""

from typing import Any

from rest_framework.response import Response

from orders.api.inputs import header_of, known_products, lines_of
from orders.api.reading import of_user, whole
from orders.api.serializers import OrderSerializer
from orders.models import Order
from staff.api.versions import etag
from staff.api.views import ApiViewSet


class OrderViews(ApiViewSet):
    """Finding an order that the caller may see, and showing one."""

    tag = "orders"

    def order(self) -> Order:
        """The order of the address. Raises Order.DoesNotExist for one that is not to be seen."""
        return of_user(self.user).get(pk=self.kwargs["pk"])

    def order_id(self) -> int:
        """The id of the order of the address, which the caller may see.

        Who sees all orders need not be asked about each. Raises Order.DoesNotExist.
        """
        pk: int = self.kwargs["pk"]
        if not self.user.has_perm("credit.view_all_customers"):
            Order.objects.for_user(self.user).only("pk").get(pk=pk)
        return pk

    def content(self, given: dict[str, Any], order: Order) -> dict[str, Any]:
        """Header and lines that an order is to have, as the verbs take them; what is left out
        of currency and terms stays. Raises ValidationError for lines without a product.
        """
        given.setdefault("currency", order.currency)
        given.setdefault("payment_days", order.payment_days)
        header = header_of(given, order.customer)
        lines = lines_of(given["lines"], known_products(given["lines"], header.currency))
        return {"header": header, "lines": lines}

    def answer(self, pk: int, status: int = 200) -> Response:
        """An order that the caller may see, as it is now, with the tag of its version.

        Raises Order.DoesNotExist.
        """
        order = whole(pk, self.user)
        body: Any = self.shown(OrderSerializer, order)
        headers = {"ETag": etag(order.pk, order.version)}
        if status == 201:
            headers["Location"] = self.request.build_absolute_uri(f"/api/v1/orders/{order.pk}/")
        return Response(body, status, headers=headers)
