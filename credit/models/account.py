"""The credit account, whose row is locked for every money decision, and the ledger behind it."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from credit.enums import Bucket, LimitKind, Movement
from credit.models.customer import Customer
from credit.money import CURRENCIES, ZERO
from credit.querysets import CreditAccountQuerySet

# The balances follow the ledger inside the database, so that no writer can make them differ.
APPLY_TO_BALANCES = """
    UPDATE credit_creditaccount SET
        reserved = reserved
            + CASE WHEN NEW.to_bucket = 'reserved' THEN NEW.amount ELSE 0 END
            - CASE WHEN NEW.from_bucket = 'reserved' THEN NEW.amount ELSE 0 END,
        delivered = delivered
            + CASE WHEN NEW.to_bucket = 'delivered' THEN NEW.amount ELSE 0 END
            - CASE WHEN NEW.from_bucket = 'delivered' THEN NEW.amount ELSE 0 END,
        receivable = receivable
            + CASE WHEN NEW.to_bucket = 'receivable' THEN NEW.amount ELSE 0 END
            - CASE WHEN NEW.from_bucket = 'receivable' THEN NEW.amount ELSE 0 END,
        paid = paid
            + CASE WHEN NEW.to_bucket = 'paid' THEN NEW.amount ELSE 0 END
            - CASE WHEN NEW.from_bucket = 'paid' THEN NEW.amount ELSE 0 END
    WHERE id = NEW.account_id;
    RETURN NULL;
"""
REFUSE_BALANCE_CHANGE = """
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'Balances of credit account % change through the ledger only', OLD.id;
    END IF;
    RETURN NEW;
"""


BEGIN_EMPTY = """
    RAISE EXCEPTION 'A credit account begins empty; its balances change through the ledger only';
"""


def _amount(label: StrOrPromise) -> models.DecimalField:
    return models.DecimalField(label, max_digits=18, decimal_places=2, default=ZERO, editable=False)


class CreditAccount(models.Model):
    """How much a customer may owe, and how much of that is used. Amounts are in `currency`."""

    customer = models.OneToOneField(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="account"
    )
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES, default="CNY")
    limit_kind = models.CharField(
        _("kind of limit"), max_length=10, choices=LimitKind.choices, default=LimitKind.NONE
    )
    limit_amount = models.DecimalField(
        _("credit limit"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    reserved = _amount(_("reserved"))
    delivered = _amount(_("delivered, not invoiced"))
    receivable = _amount(_("receivable"))
    paid = _amount(_("paid"))

    objects = CreditAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        permissions = [("change_limit", _("Can change credit limits"))]
        constraints = [
            models.CheckConstraint(
                name="account_amount_goes_with_kind",
                condition=Q(
                    limit_kind=LimitKind.AMOUNT, limit_amount__gte=0, limit_amount__isnull=False
                )
                | (~Q(limit_kind=LimitKind.AMOUNT) & Q(limit_amount__isnull=True)),
                violation_error_message=_(
                    "A limit of kind 'amount' needs an amount of zero or more; "
                    "the other kinds have none."
                ),
            ),
            models.CheckConstraint(
                name="account_balances_not_negative",
                condition=Q(reserved__gte=0, delivered__gte=0, receivable__gte=0, paid__gte=0),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="balances_follow_ledger",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("reserved", "delivered", "receivable", "paid"),
                condition=pgtrigger.AnyChange("reserved", "delivered", "receivable", "paid"),
                func=REFUSE_BALANCE_CHANGE,
            ),
            pgtrigger.Trigger(
                name="balances_begin_empty",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__reserved__df=0)
                | pgtrigger.Q(new__delivered__df=0)
                | pgtrigger.Q(new__receivable__df=0)
                | pgtrigger.Q(new__paid__df=0),
                func=BEGIN_EMPTY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} · {self.currency}"

    @property
    def used(self) -> Decimal:
        """What the customer owes or will owe for released orders, in the account's currency."""
        return self.reserved + self.delivered + self.receivable

    @property
    def effective_limit(self) -> tuple[str, Decimal | None]:
        """The kind and amount that apply, the segment's where the account inherits.

        A segment limit in another currency than the account's gives no credit: an amount in one
        currency says nothing about another.
        """
        if self.limit_kind != LimitKind.INHERIT:
            return self.limit_kind, self.limit_amount
        segment = self.customer.segment
        if segment.limit_kind == LimitKind.AMOUNT and segment.limit_currency != self.currency:
            return LimitKind.NONE, None
        return segment.limit_kind, segment.limit_amount

    @property
    def available(self) -> Decimal | None:
        """Limit less used, negative when over; None where there is no limit to reach."""
        kind, amount = self.effective_limit
        if kind == LimitKind.UNLIMITED:
            return None
        return (amount or ZERO) - self.used


class LedgerEntry(models.Model):
    """An amount moving from one bucket to another: appended, never changed, the truth.

    An empty bucket stands for outside: amounts enter when an order is released and leave when it is
    cancelled. `order_id` names the order, which lives in a package above this one; it is empty for
    what belongs to no order, such as open items brought over from another system.
    """

    account = models.ForeignKey(
        CreditAccount, verbose_name=_("account"), on_delete=models.PROTECT, related_name="entries"
    )
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    movement = models.CharField(_("movement"), max_length=10, choices=Movement.choices)
    from_bucket = models.CharField(_("from"), max_length=10, choices=Bucket.choices, blank=True)
    to_bucket = models.CharField(_("to"), max_length=10, choices=Bucket.choices, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    order_id = models.BigIntegerField(_("order"), null=True, db_index=True)
    invoice = models.ForeignKey(
        "credit.Invoice",
        verbose_name=_("invoice"),
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="entries",
    )
    document = models.CharField(_("document"), max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["account", "-id"], name="ledger_by_account"),
            models.Index(
                fields=["invoice"], name="ledger_by_invoice", condition=Q(invoice__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="ledger_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="ledger_moves_somewhere", condition=~Q(from_bucket=models.F("to_bucket"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="apply_to_balances",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=APPLY_TO_BALANCES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.movement} {self.amount}"
