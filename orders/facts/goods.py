"""Facts about what is known to be wrong with the goods of an order.

The category of a product is the one it has now. A flag on one lot says nothing about a line without
a lot: whether the order carries that lot is then missing, neither yes nor no.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from orders.enums import FlagKind
from orders.models import OrderLine, ProductFlag
from rules.facts import Boolean, Fact
from rules.facts.base import Label

_CATEGORY = _("which category a product belongs to")


def _flagged(kinds: tuple[FlagKind, ...], at: datetime) -> Case:
    flags = ProductFlag.objects.standing(at).filter(kind__in=kinds)
    of_product = flags.filter(product=OuterRef("product_id"))
    of_category = flags.filter(product__isnull=True, category=OuterRef("product__category"))
    same_goods = of_product.filter(Q(lot="") | Q(lot__iexact=OuterRef("lot")))
    lines = OrderLine.objects.filter(order=OuterRef("pk"))
    sure = lines.filter(Q(Exists(same_goods)) | Q(Exists(of_category)))
    unsure = lines.filter(Exists(of_product), lot="")
    return Case(
        When(Exists(sure), then=Value(True)),
        When(Exists(unsure), then=Value(None)),
        default=Value(False),
        output_field=BooleanField(),
    )


def _of(*kinds: FlagKind) -> Callable[[datetime], Case]:
    return partial(_flagged, kinds)


def _fact(kind: FlagKind, label: Label, yes: Label, no: Label) -> Boolean:
    return Boolean(
        name=f"order.flagged_{kind}",
        label=label,
        source=_of(kind),
        yes=yes,
        no=no,
        as_now=_CATEGORY,
    )


GOODS: tuple[Fact, ...] = (
    Boolean(
        name="order.flagged",
        label=_("flagged goods"),
        source=_of(*FlagKind),
        yes=_("carries flagged goods"),
        no=_("carries no flagged goods"),
        as_now=_CATEGORY,
    ),
    _fact(
        FlagKind.QUALITY,
        _("goods flagged for quality"),
        _("carries goods flagged for quality"),
        _("carries no goods flagged for quality"),
    ),
    _fact(
        FlagKind.SAFETY,
        _("goods flagged for safety"),
        _("carries goods flagged for safety"),
        _("carries no goods flagged for safety"),
    ),
    _fact(
        FlagKind.INFRINGEMENT,
        _("goods flagged for infringement"),
        _("carries goods flagged for infringement"),
        _("carries no goods flagged for infringement"),
    ),
    _fact(
        FlagKind.RECALL,
        _("recalled goods"),
        _("carries recalled goods"),
        _("carries no recalled goods"),
    ),
)
