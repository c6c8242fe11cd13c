"""Whose notices are whose, and which deliveries are due."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Cast

from staff.inbox.enums import DeliveryState

if TYPE_CHECKING:
    from staff.inbox.models import Delivery, Notice  # noqa: F401 - named in strings below
    from staff.models import User


class Values(Func):
    """What a JSON document says anywhere in it: its texts and numbers, without their names."""

    template = (
        "jsonb_path_query_array(%(expressions)s, "
        """'$.** ? (@.type() == "string" || @.type() == "number")')"""
    )


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_user(self, user: "User") -> "NoticeQuerySet":
        """One's own, and nobody else's whatever one may do."""
        return self.filter(to=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def up_to(self, most: int) -> int:
        """How many there are, counted no further than `most`."""
        return self.order_by()[:most].count()

    def saying(self, words: str, kinds: Iterable[str]) -> "NoticeQuerySet":
        """Those with `words` in a name, number or amount they tell, and those of `kinds`.

        Amounts are kept without thousands separators, and are found with and without them.
        """
        told = Cast(Values("data", output_field=models.JSONField()), models.TextField())
        found = Q(told__icontains=words) | Q(kind__in=list(kinds))
        if (bare := words.replace(",", "")) != words and bare.strip():
            found |= Q(told__icontains=bare)
        return self.annotate(told=told).filter(found)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime) -> "DeliveryQuerySet":
        """What waits to be sent by `at`, the longest waiting first."""
        waiting = self.filter(state=DeliveryState.PENDING, next_at__lte=at)
        return waiting.order_by("next_at", "pk")

    def interrupted(self, before: datetime) -> "DeliveryQuerySet":
        """What somebody began to send so long ago that they cannot be at it any more."""
        return self.filter(state=DeliveryState.SENDING, claimed_at__lt=before)
