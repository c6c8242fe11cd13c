"""Flags on what is sold: raised with evidence, lifted with a reason, never deleted."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from journal.record import record
from orders import policies
from orders.amounts import LONGEST_LOT
from orders.enums import FlagKind, OrderAction
from orders.errors import OrderError
from orders.lifecycle.steps import guard_reason
from orders.models import Product, ProductFlag
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def raise_flag(
    *,
    kind: FlagKind,
    evidence: str,
    by: User,
    at: datetime,
    product_id: int | None = None,
    category: str = "",
    lot: str = "",
) -> ProductFlag:
    """Flag a product, one lot of it, or (without a product) a whole category.

    Orders that carry the goods already are left as they are. Raises PermissionDenied, or OrderError
    without evidence, for goods that are not there, and where such a flag stands.
    """
    first = _lock_goods(product_id, category)
    if not policies.can_flag(by):
        raise PermissionDenied(_("You may not flag products."))
    _guard_goods(first, product_id, category, lot)
    if not evidence.strip():
        raise OrderError(_("Write down the evidence: a complaint, a certificate, a letter."))
    goods = {"product_id": product_id, "category": category}
    if ProductFlag.objects.active().filter(**goods, lot__iexact=lot.strip(), kind=kind).exists():
        raise OrderError(_("These goods carry a flag of this kind already."))
    flag = ProductFlag.objects.create(
        **goods, lot=lot.strip(), kind=kind, evidence=evidence, raised_at=at, raised_by=by
    )
    record(
        action=OrderAction.PRODUCT_FLAGGED,
        subject=flag,
        by=by,
        at=at,
        reason=evidence,
        data=_figures(flag),
    )
    return flag


@transaction.atomic
def lift_flag(*, flag_id: int, note: str, by: User, at: datetime) -> ProductFlag:
    """Lift one flag; others on the same goods stay.

    Raises PermissionDenied, or OrderError without a reason and when somebody lifted it before.
    """
    flags = ProductFlag.objects.select_for_update(of=("self",), no_key=True)
    flag = flags.select_related("product").get(pk=flag_id)
    if not policies.can_flag(by):
        raise PermissionDenied(_("You may not lift product flags."))
    if flag.lifted_at:
        raise OrderError(_("This flag was lifted already."))
    guard_reason(note)
    flag.lifted_at, flag.lifted_by, flag.lift_note = at, by, note
    flag.save(update_fields=["lifted_at", "lifted_by", "lift_note"])
    record(
        action=OrderAction.FLAG_LIFTED,
        subject=flag,
        by=by,
        at=at,
        reason=note,
        data=_figures(flag),
    )
    return flag


def _lock_goods(product_id: int | None, category: str) -> Product | None:
    """Lock the product, or the first of the category, so that two people cannot flag it twice."""
    goods = Q(category=category) if product_id is None else Q(pk=product_id)
    return Product.objects.select_for_update(no_key=True).filter(goods).order_by("pk").first()


def _guard_goods(first: Product | None, product_id: int | None, category: str, lot: str) -> None:
    if (product_id is None) == (not category):
        raise OrderError(_("Choose either a product or a category."))
    if first is None and product_id is None:
        raise OrderError(_("There is no product in this category."))
    if first is None:
        raise OrderError(_("This product is no longer there."))
    if lot.strip() and product_id is None:
        raise OrderError(_("A lot belongs to a product: choose the product too."))
    if len(lot.strip()) > LONGEST_LOT:
        raise OrderError(_("The lot has at most %(most)s characters.") % {"most": LONGEST_LOT})


def _figures(flag: ProductFlag) -> dict[str, str]:
    sku = flag.product.sku if flag.product else ""
    return {"kind": flag.kind, "sku": sku, "category": flag.category, "lot": flag.lot}
