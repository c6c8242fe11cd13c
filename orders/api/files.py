"""The files of orders."""

from django.db import models

from journal.api.files import ATTACH, FilesOf
from orders.models import Order


class OrderFilesViewSet(FilesOf):
    """Files of an order."""

    access = {"files": ("orders.view_order",), "attach": ATTACH}

    def subject(self) -> models.Model:
        """The order."""
        return Order.objects.for_user(self.user).get(pk=self.kwargs["pk"])
