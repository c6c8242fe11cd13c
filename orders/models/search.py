"""What orders are found by, besides their customers."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from orders.grams import SearchGrams, says
from orders.models.order import Order

# How many of the latest orders tell whether a word is a common one.
_SAMPLE = 1_000


class SearchTextQuerySet(models.QuerySet[Any]):
    def numbered(self, words: str) -> "SearchTextQuerySet":
        """Of orders whose number at the source begins with `words`."""
        return self.filter(external_id__startswith=words)

    def going_to(self, words: str) -> "SearchTextQuerySet":
        """Of orders whose ship-to has the words."""
        return self.filter(says("ship_to", words))

    def often_say(self, words: str) -> bool:
        """Whether a twentieth of the latest orders go to such a place: too many to look at each."""
        said = Count("pk", filter=Q(ship_to__contains=words.upper()))
        sampled = self.order_by("-pk")[:_SAMPLE].aggregate(said=said)
        return bool(sampled["said"] > _SAMPLE // 20)


class SearchText(models.Model):
    """What an order says to be found by, apart from the order, whose every step would otherwise
    write the index anew. A trigger keeps it.
    """

    order = models.OneToOneField(
        Order,
        verbose_name=_("order"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
    )
    external_id = models.CharField(_("number at the source"), max_length=80)
    ship_to = models.TextField(_("ship-to, in capitals"))

    objects = SearchTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text to find an order by")
        verbose_name_plural = _("texts to find orders by")
        default_permissions = ()
        indexes = [
            GinIndex(SearchGrams("ship_to"), name="order_search_grams"),
            models.Index(
                OpClass("external_id", name="varchar_pattern_ops"), name="order_search_external"
            ),
        ]

    def __str__(self) -> str:
        return self.ship_to
