"""What an approver tied a release to."""

from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.enums import BEFORE_SHIPPING, ConditionKind, ConditionState
from orders.models.decision import Decision
from orders.models.fulfilment import person
from orders.models.order import Order

if TYPE_CHECKING:
    from staff.models import User

_NONE = {"percent__isnull": True, "days__isnull": True, "amount__isnull": True}
_DOCUMENT_NAMED = ~Q(text="")

# Who sells an order confirms none of its conditions, whatever door the statement comes through.
_SELLER = """
    IF TG_OP = 'UPDATE' THEN
        IF OLD.met_by_id IS NOT DISTINCT FROM NEW.met_by_id THEN
            RETURN NEW;
        END IF;
    END IF;
    IF EXISTS (
        SELECT 1 FROM orders_order o JOIN credit_customer c ON c.id = o.customer_id
        WHERE o.id = NEW.order_id
            AND NEW.met_by_id IN (o.owner_id, o.submitted_by_id, c.owner_id)
    ) THEN
        RAISE EXCEPTION 'Who sells order % cannot confirm its conditions', NEW.order_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class ConditionQuerySet(models.QuerySet["ReleaseCondition"]):
    def standing(self) -> "ConditionQuerySet":
        """Conditions of releases that are not void, met or not."""
        return self.exclude(state=ConditionState.DROPPED)

    def keeping_back(self) -> "ConditionQuerySet":
        """Open conditions without which nothing of their order leaves."""
        return self.filter(state=ConditionState.OPEN, kind__in=BEFORE_SHIPPING)

    def for_user(self, user: "User") -> "ConditionQuerySet":
        """Conditions of the orders that this user may see."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(order__in=Order.objects.for_user(user))


class ReleaseCondition(models.Model):
    """One condition of one release, in figures; only its state changes.

    A prepayment of `percent` of the total; a guarantee, the document that `text` names; an
    `amount` in the order's currency beyond which nothing ships; or payment within `days` of the
    release, of what was not paid by then: `paid_before` had been. `met_by` is empty where money or
    the order itself met it.
    """

    order = models.ForeignKey(
        Order,
        verbose_name=_("order"),
        on_delete=models.PROTECT,
        related_name="conditions",
        db_index=False,
    )
    order_version = models.PositiveIntegerField(_("version of the order"))
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("credit decision"),
        on_delete=models.PROTECT,
        related_name="conditions",
    )
    kind = models.CharField(_("kind"), max_length=14, choices=ConditionKind.choices)
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2, null=True)
    days = models.PositiveSmallIntegerField(_("days"), null=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True)
    text = models.CharField(_("document that has to come in"), max_length=200, blank=True)
    paid_before = models.DecimalField(
        _("paid before the release"), max_digits=18, decimal_places=2, default=0
    )
    state = models.CharField(
        _("state"), max_length=7, choices=ConditionState.choices, default=ConditionState.OPEN
    )
    set_by = person(_("set by"))
    set_at = models.DateTimeField(_("set"))
    met_at = models.DateTimeField(_("met"), null=True)
    met_by = person(_("confirmed by"), null=True)
    evidence = models.TextField(_("evidence"), blank=True)
    dropped_at = models.DateTimeField(_("no longer applies since"), null=True)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition of a release")
        verbose_name_plural = _("conditions of releases")
        default_permissions = ("view",)
        permissions = [("meet_condition", _("Can confirm conditions of releases"))]
        indexes = [
            models.Index(fields=["order", "id"], name="condition_by_order"),
            models.Index(
                fields=["order"],
                name="condition_open",
                condition=Q(state=ConditionState.OPEN),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="condition_once_per_release",
                fields=["order", "kind", "text"],
                condition=~Q(state=ConditionState.DROPPED),
            ),
            models.CheckConstraint(
                name="condition_has_its_figure",
                condition=Q(
                    kind=ConditionKind.PREPAY,
                    percent__gt=0,
                    percent__lte=100,
                    days__isnull=True,
                    amount__isnull=True,
                    text="",
                )
                | Q(kind=ConditionKind.GUARANTEE, **_NONE) & _DOCUMENT_NAMED
                | Q(
                    kind=ConditionKind.AMOUNT,
                    amount__gt=0,
                    percent__isnull=True,
                    days__isnull=True,
                    text="",
                )
                | Q(
                    kind=ConditionKind.PAY_WITHIN,
                    days__gt=0,
                    days__lte=365,
                    percent__isnull=True,
                    amount__isnull=True,
                    text="",
                ),
            ),
            models.CheckConstraint(
                name="condition_state_has_moment",
                condition=Q(state=ConditionState.OPEN, met_at__isnull=True, dropped_at__isnull=True)
                | Q(state=ConditionState.MET, met_at__isnull=False, dropped_at__isnull=True)
                | Q(state=ConditionState.DROPPED, dropped_at__isnull=False),
            ),
            models.CheckConstraint(
                name="condition_guarantee_is_confirmed",
                condition=Q(met_at__isnull=True, met_by__isnull=True, evidence="")
                | Q(kind=ConditionKind.GUARANTEE, met_at__isnull=False, met_by__isnull=False)
                & ~Q(evidence="")
                | ~Q(kind=ConditionKind.GUARANTEE) & Q(met_by__isnull=True, evidence=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="set_once",
                fields=[
                    "order",
                    "order_version",
                    "decision",
                    "kind",
                    "percent",
                    "days",
                    "amount",
                    "text",
                    "paid_before",
                    "set_by",
                    "set_at",
                ],
            ),
            pgtrigger.Protect(
                name="dropped_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=ConditionState.DROPPED.value),
            ),
            # Money can be taken off again; what somebody confirmed stays confirmed.
            pgtrigger.Protect(
                name="confirmed_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.met_by_id IS NOT NULL AND (NEW.state = 'open' OR NEW.evidence <> "
                    "OLD.evidence OR NEW.met_by_id IS DISTINCT FROM OLD.met_by_id)"
                ),
            ),
            pgtrigger.Trigger(
                name="not_by_the_seller",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.met_by_id IS NOT NULL"),
                func=_SELLER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"
