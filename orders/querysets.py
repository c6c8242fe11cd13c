from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from staff.models import User


class OrderQuerySet(models.QuerySet["Order"]):
    def for_user(self, user: "User") -> "OrderQuerySet":
        """The orders this user may see: all, or those of the customers they look after."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(Q(owner=user) | Q(customer__owner=user))

    def locked(self) -> "OrderQuerySet":
        """Lock the order rows in id order."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def open_as_of(self, at: datetime) -> "OrderQuerySet":
        """Orders submitted by `at` and not completed, rejected or cancelled by then."""
        return self.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=at), submitted_at__lte=at)

    def with_held(self) -> "OrderQuerySet":
        """Adds `held`: whether a hold stands on the order."""
        from orders.models import Hold

        return self.annotate(held=Exists(Hold.objects.active().filter(order=OuterRef("pk"))))
