"""What orders are found by, besides their customers."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.grams import SearchGrams, says
from orders.models.order import Order

# How many of the latest orders tell whether a word is a common one.
_SAMPLE = 1_000


class SearchTextQuerySet(models.QuerySet[Any]):
    def matching(self, words: str) -> "SearchTextQuerySet":
        """Of orders whose number at the source begins with `words` or whose ship-to has them."""
        return self.filter(Q(external_id__startswith=words) | says("ship_to", words))

    def often_say(self, words: str) -> bool:
        """Whether a twentieth of the latest orders go to such a place: too many to look at each."""
        latest = self.order_by("-pk").values("pk")[:_SAMPLE]
        said = SearchText.objects.filter(ship_to__contains=words.upper())
        sampled = said.filter(pk__in=latest)
        return sampled.count() > _SAMPLE // 20


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
