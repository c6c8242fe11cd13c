"""What customers promised to pay, and whether they did."""

from datetime import date
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.enums import PromiseState
from credit.models.account import CreditAccount
from credit.models.customer import Customer

if TYPE_CHECKING:
    from staff.models import User

# Not kept to the full. Checks, rules and lists count both alike.
UNKEPT = (PromiseState.BROKEN, PromiseState.PARTLY_KEPT)


class PromiseQuerySet(models.QuerySet["Promise"]):
    def for_user(self, user: "User") -> "PromiseQuerySet":
        """Promises of the customers that this user may see."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(account__customer__in=Customer.objects.for_user(user))

    def due_within(self, first: date, last: date) -> "PromiseQuerySet":
        """Open promises for a day from `first` to `last`."""
        return self.filter(state=PromiseState.OPEN, due_on__range=(first, last))

    def overdue(self, today: date) -> "PromiseQuerySet":
        """Open promises whose day is over."""
        return self.filter(state=PromiseState.OPEN, due_on__lt=today)


class Promise(models.Model):
    """An amount that a customer promised to pay by a day, in the account's currency.

    `received` is what came in for it, known once it is settled. A promise on which an order was
    released carries its `order_id`, and its amount follows what is owed for that order while it is
    open.
    """

    account = models.ForeignKey(
        CreditAccount, verbose_name=_("account"), on_delete=models.PROTECT, related_name="promises"
    )
    order_id = models.BigIntegerField(_("order"), null=True, editable=False)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    received = models.DecimalField(
        _("received for it"), max_digits=18, decimal_places=2, default=0, db_default=0
    )
    due_on = models.DateField(_("promised for"))
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(
        _("state"), max_length=14, choices=PromiseState.choices, default=PromiseState.OPEN
    )
    made_at = models.DateTimeField(_("recorded"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise to pay")
        verbose_name_plural = _("promises to pay")
        default_permissions = ("view",)
        permissions = [("record_promise", _("Can record promises to pay"))]
        indexes = [
            models.Index(fields=["account", "due_on"], name="promise_by_account"),
            models.Index(
                fields=["order_id"], name="promise_by_order", condition=Q(order_id__isnull=False)
            ),
            # The list of promises, and what is settled each hour.
            models.Index(fields=["state", "due_on", "id"], name="promise_by_state"),
        ]
        constraints = [
            models.CheckConstraint(name="promise_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="promise_settled_has_moment",
                condition=Q(state=PromiseState.OPEN, settled_at__isnull=True)
                | ~Q(state=PromiseState.OPEN) & Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="promise_received_says_how_kept",
                condition=Q(state=PromiseState.KEPT, received=F("amount"))
                | Q(state=PromiseState.PARTLY_KEPT, received__gt=0, received__lt=F("amount"))
                | Q(
                    state__in=[PromiseState.OPEN, PromiseState.BROKEN, PromiseState.WITHDRAWN],
                    received=0,
                ),
            ),
            models.UniqueConstraint(
                name="promise_open_once_per_order",
                fields=["order_id"],
                condition=Q(state=PromiseState.OPEN),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="promised_stays",
                fields=["account", "order_id", "due_on", "note", "made_at", "made_by"],
            ),
            pgtrigger.FSM(
                name="settled_once",
                field="state",
                transitions=[
                    (PromiseState.OPEN.value, state.value)
                    for state in PromiseState
                    if state != PromiseState.OPEN
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.due_on}"
