import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Lookup,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Concat, Upper

from credit.models import Customer

if TYPE_CHECKING:
    from staff.models import User

_IDS = ArrayField(models.BigIntegerField())
# As many orders are sorted at once without anybody waiting.
_FEW = 5_000
# An order that ended, or shipped whole, has nothing left that a hold could keep from leaving.
_GOODS_LEFT = Q(shipped_at__isnull=True, closed_at__isnull=True)
_NUMBER = re.compile(r"SO-?0*(\d{1,18})", re.IGNORECASE | re.ASCII)


class EqualsAny(Lookup[Any]):
    """`left = ANY(array)`. Unlike IN with a subquery it lets an index on `left` serve in an OR."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*left_params, *right_params)


def _is_of(customers: models.QuerySet["Customer"]) -> Q:
    return Q(EqualsAny(F("customer_id"), ArraySubquery(customers.order_by().values("pk"))))


class OrderQuerySet(models.QuerySet[Any]):
    def for_user(self, user: "User") -> "OrderQuerySet":
        """The orders this user may see: all, or those of the customers they look after."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(Q(owner=user) | _is_of(Customer.objects.filter(owner=user)))

    def locked(self) -> "OrderQuerySet":
        """Lock the order rows in id order."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

    def open_as_of(self, at: datetime) -> "OrderQuerySet":
        """Orders submitted by `at` and not completed, rejected or cancelled by then."""
        return self.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=at), submitted_at__lte=at)

    def with_held(self) -> "OrderQuerySet":
        """Adds `held`: whether a hold keeps goods of the order from leaving."""
        held = Q(_hold_stands()) & _GOODS_LEFT
        return self.annotate(held=ExpressionWrapper(held, output_field=BooleanField()))

    def only_held(self) -> "OrderQuerySet":
        """Orders of which a hold keeps goods from leaving."""
        return self.filter(_GOODS_LEFT, _hold_stands())

    def exclude_held(self) -> "OrderQuerySet":
        """Orders on which no hold stands."""
        return self.filter(~_hold_stands())

    def with_conditional(self) -> "OrderQuerySet":
        """Adds `conditional`: whether nothing may leave before a condition is met."""
        return self.annotate(conditional=_waits_for_condition())

    def only_conditional(self) -> "OrderQuerySet":
        """Orders of which nothing may leave before a condition of their release is met."""
        return self.filter(_waits_for_condition())

    def exclude_conditional(self) -> "OrderQuerySet":
        """Orders that no condition of their release keeps back."""
        return self.filter(~_waits_for_condition())

    def paid_not_shipped(self) -> "OrderQuerySet":
        """Orders paid in full whose goods have not left and still may."""
        return self.filter(paid_at__isnull=False, shipped_at__isnull=True, closed_at__isnull=True)

    def search(self, words: str) -> "OrderQuerySet":
        """Orders by their number or number at the source, or by part of customer or ship-to.

        A full order number finds that order alone, whatever else contains its digits. Asks indexes
        first: where few orders match, in the whole book, exactly these are looked at, so that a
        word without a hit costs nothing. Where many do, the list meets them soon by itself.
        """
        number = _NUMBER.fullmatch(words.strip())
        if number:
            return self.filter(pk=int(number.group(1)))
        customers = Customer.objects.search(words)
        few = self._few_matching(words, customers)
        if few is not None:
            return self.filter(Q(EqualsAny(F("pk"), Value(few, output_field=_IDS))))
        # One text, so that a million addresses are put into capitals once, not three times, and
        # not at all for words without capitals, such as Chinese ones.
        ship_to = Concat("ship_to_name", Value(" "), "ship_to_phone", Value(" "), "ship_to_address")
        cased = words.upper() != words.lower()
        return self.alias(ship_to=Upper(ship_to) if cased else ship_to).filter(
            Q(external_id__startswith=words)
            | _is_of(customers)
            | Q(ship_to__contains=words.upper())
        )

    def _few_matching(self, words: str, customers: "models.QuerySet[Customer]") -> list[int] | None:
        """The orders that `words` match, whoever may see them; None where they are many."""
        from orders.models import SearchText

        texts = SearchText.objects
        if texts.often_say(words):
            return None
        # Each by its own index. Said as one OR, the grams are made anew of every row that is found.
        ways: list[models.QuerySet[Any]] = [
            texts.numbered(words),
            texts.going_to(words),
            self.model.objects.filter(_is_of(customers)).order_by(),
        ]
        first, *others = (way.values_list("pk", flat=True)[: _FEW + 1] for way in ways)
        found = set(first.union(*others, all=True))
        return sorted(found) if len(found) <= _FEW else None


class HoldQuerySet(models.QuerySet[Any]):
    def active(self) -> "HoldQuerySet":
        """Holds that nobody has released."""
        return self.filter(released_at__isnull=True)

    def standing(self) -> "HoldQuerySet":
        """Holds that keep goods from leaving: not released, on orders with goods still to leave."""
        return self.active().filter(order__shipped_at__isnull=True, order__closed_at__isnull=True)

    def with_others(self) -> "HoldQuerySet":
        """Adds `others`: how many more holds stand on the same order."""
        standing = self.model.objects.active().filter(order=OuterRef("order"))
        others = standing.exclude(pk=OuterRef("pk")).order_by().values("order")
        counted = others.annotate(count=Count("pk")).values("count")
        return self.annotate(others=Coalesce(Subquery(counted), 0))

    def for_user(self, user: "User") -> "HoldQuerySet":
        """Holds on the orders that this user may see."""
        if user.has_perm("credit.view_all_customers"):
            return self
        from orders.models import Order

        return self.filter(order__in=Order.objects.for_user(user))


class MisjudgmentQuerySet(models.QuerySet[Any]):
    def for_user(self, user: "User") -> "MisjudgmentQuerySet":
        """Misjudgments of orders that this user may see."""
        if user.has_perm("credit.view_all_customers"):
            return self
        from orders.models import Order

        return self.of_orders(Order.objects.for_user(user))

    def of_orders(self, orders: OrderQuerySet) -> "MisjudgmentQuerySet":
        """Those about any of the orders."""
        return self.filter(Q(hold__order__in=orders) | Q(decision__order__in=orders))

    def labels(self) -> dict[str, str]:
        """Every hold reason, check and gate rule among them, in the reader's language."""
        one_each = self.order_by("code", "-pk").distinct("code").select_related("decision")
        return {one.code: str(one.label) for one in one_each.defer("decision__facts")}

    def counts(self) -> "models.QuerySet[Any, dict[str, Any]]":
        """How often each hold reason and each check was wrong, most often first.

        Rows of `code`, `of_hold` and `count`.
        """
        of_hold = models.Case(models.When(hold__isnull=False, then=True), default=False)
        rows = self.order_by().annotate(of_hold=of_hold).values("code", "of_hold")
        return rows.annotate(count=models.Count("pk")).order_by("-count", "code")


def _waits_for_condition() -> Exists:
    from orders.models import ReleaseCondition

    return Exists(ReleaseCondition.objects.keeping_back().filter(order=OuterRef("pk")))


def _hold_stands() -> Exists:
    from orders.models import Hold

    return Exists(Hold.objects.active().filter(order=OuterRef("pk")))
