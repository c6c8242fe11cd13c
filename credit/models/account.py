"""The credit account, whose row is locked for every money decision, and the ledger behind it."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from credit.enums import Bucket, Movement
from credit.limits import Granted, granted
from credit.models.customer import Customer
from credit.money import CURRENCIES, ZERO
from credit.querysets import CreditAccountQuerySet
from credit.rates import Rates
from staff.figures import money

if TYPE_CHECKING:
    from credit.models.limit import CreditLimit

# The balances follow the ledger inside the database, so that no writer can make them differ. Once
# for each statement, however many entries it brings. What groups use is kept by currency, since
# rates change and amounts do not.
APPLY_TO_BALANCES = """
    UPDATE credit_creditaccount account SET
        reserved = account.reserved + moved.reserved,
        delivered = account.delivered + moved.delivered,
        receivable = account.receivable + moved.receivable,
        paid = account.paid + moved.paid
    FROM (
        SELECT account_id,
            sum(CASE to_bucket WHEN 'reserved' THEN amount ELSE 0 END
                - CASE from_bucket WHEN 'reserved' THEN amount ELSE 0 END) AS reserved,
            sum(CASE to_bucket WHEN 'delivered' THEN amount ELSE 0 END
                - CASE from_bucket WHEN 'delivered' THEN amount ELSE 0 END) AS delivered,
            sum(CASE to_bucket WHEN 'receivable' THEN amount ELSE 0 END
                - CASE from_bucket WHEN 'receivable' THEN amount ELSE 0 END) AS receivable,
            sum(CASE to_bucket WHEN 'paid' THEN amount ELSE 0 END
                - CASE from_bucket WHEN 'paid' THEN amount ELSE 0 END) AS paid
        FROM entries GROUP BY account_id
    ) moved
    WHERE account.id = moved.account_id;

    INSERT INTO credit_groupexposure AS held (account_id, currency, used)
    SELECT parent, member.currency, sum(moved.used)
    FROM (
        SELECT account_id,
            sum(CASE WHEN to_bucket IN ('reserved', 'delivered', 'receivable')
                    THEN amount ELSE 0 END
                - CASE WHEN from_bucket IN ('reserved', 'delivered', 'receivable')
                    THEN amount ELSE 0 END) AS used
        FROM entries GROUP BY account_id
    ) moved
    JOIN credit_creditaccount member ON member.id = moved.account_id,
    unnest(member.ancestors) AS parent
    WHERE moved.used <> 0
    GROUP BY parent, member.currency
    ON CONFLICT (account_id, currency) DO UPDATE SET used = held.used + excluded.used;
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
    parent = models.ForeignKey(
        "self",
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        null=True,
        related_name="members",
        editable=False,
    )
    # The parent, its parent and so on: whose limits this account takes from as well.
    ancestors = ArrayField(models.BigIntegerField(), default=list, editable=False)
    review_on = models.DateField(_("credit review due"), null=True, blank=True, editable=False)
    reserved = _amount(_("reserved"))
    delivered = _amount(_("delivered, not invoiced"))
    receivable = _amount(_("receivable"))
    paid = _amount(_("paid"))

    objects = CreditAccountQuerySet.as_manager()

    # Set by `with_limits`.
    valid_limits: "list[CreditLimit]"
    rates: Rates = Rates({})

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        indexes = [GinIndex(fields=["ancestors"], name="account_by_group")]
        permissions = [("change_limit", _("Can change credit limits"))]
        constraints = [
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
    def effective_limit(self) -> Granted:
        """What the account may use; read it from a queryset `with_limits` of a day."""
        segment = self.customer.segment
        return granted(
            [limit.as_facts() for limit in self.valid_limits],
            segment.as_facts(),
            self.currency,
            self.rates,
            in_group=self.parent_id is not None,
        )

    @property
    def available(self) -> Decimal | None:
        """Limit less used, negative when over; None where the account has no limit of its own."""
        limit = self.effective_limit
        return None if limit.amount is None else limit.amount - self.used


class GroupExposure(models.Model):
    """What the members of a group use, in one of their currencies. The account's own use is extra.

    Follows the ledger inside the database, as the balances do.
    """

    account = models.ForeignKey(
        CreditAccount,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="group_use",
        db_index=False,
    )
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES)
    used = models.DecimalField(_("used"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = _("use of a group")
        verbose_name_plural = _("use of groups")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="group_use_once", fields=["account", "currency"])
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.used} {self.currency}"


class LedgerEntry(models.Model):
    """An amount moving from one bucket to another: appended, never changed, the truth.

    An empty bucket stands for outside: amounts enter when an order is released and leave when it is
    cancelled. `order_id` names the order, which lives in a package above this one; it is empty for
    what belongs to no order, such as open items brought over from another system.
    """

    account = models.ForeignKey(
        CreditAccount,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,
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
        db_index=False,
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
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="entries"),
                func=APPLY_TO_BALANCES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_movement_display()} · {money(self.amount)}"
