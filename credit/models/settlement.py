"""The documents by which an invoice comes to nothing: receipts, allocations, adjustments, disputes.

All amounts are in the account's currency.
"""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from credit.enums import (
    AdjustmentKind,
    DisputeOutcome,
    DisputeReason,
    DocumentSource,
    PaymentMethod,
)
from credit.models.account import CreditAccount
from credit.models.receivable import Invoice
from staff.sentences import again


def _person(label: StrOrPromise, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        **options,
    )


def _amount(label: StrOrPromise) -> models.DecimalField:
    return models.DecimalField(label, max_digits=18, decimal_places=2)


class Receipt(models.Model):
    """Money that came in from a customer.

    `unallocated` is what has found no invoice yet and was not given back. It lowers nothing until
    it is allocated; where `order_id` is set it was paid for that order and is allocated to that
    order's invoices only.
    """

    account = models.ForeignKey(
        CreditAccount, verbose_name=_("account"), on_delete=models.PROTECT, related_name="receipts"
    )
    order_id = models.BigIntegerField(_("order"), null=True)
    amount = _amount(_("amount"))
    unallocated = _amount(_("not allocated"))
    received_on = models.DateField(_("received on"))
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    recorded_by = _person(_("recorded by"))
    method = models.CharField(
        _("method"), max_length=10, choices=PaymentMethod.choices, default=PaymentMethod.TRANSFER
    )
    reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    source = models.CharField(
        _("source"), max_length=8, choices=DocumentSource.choices, default=DocumentSource.FORM
    )
    external_id = models.CharField(_("number at the source"), max_length=80, blank=True)
    history = models.BooleanField(_("imported history"), default=False)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        default_permissions = ("view",)
        permissions = [("record_receipt", _("Can record and allocate receipts"))]
        indexes = [
            models.Index(fields=["account", "-id"], name="receipt_by_account"),
            models.Index(
                fields=["order_id"], name="receipt_by_order", condition=Q(order_id__isnull=False)
            ),
            models.Index(
                fields=["account"], name="receipt_unallocated", condition=Q(unallocated__gt=0)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="receipt_unallocated_within_amount",
                condition=Q(amount__gt=0, unallocated__gte=0, unallocated__lte=F("amount")),
            ),
            models.UniqueConstraint(
                name="receipt_external_id_once_per_source",
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="figures_stay", fields=["account", "order_id", "amount", "received_on", "at"]
            ),
        ]

    def __str__(self) -> str:
        return self.reference or f"#{self.pk}"


class Refund(models.Model):
    """A part of a receipt that was given back to the customer, in the account's currency.

    Appended, never changed. `at` is when the money left. Of money that was paid for one order it is
    written by that order's own refund.
    """

    receipt = models.ForeignKey(
        Receipt, verbose_name=_("receipt"), on_delete=models.PROTECT, related_name="refunds"
    )
    amount = _amount(_("amount"))
    method = models.CharField(
        _("method"), max_length=10, choices=PaymentMethod.choices, default=PaymentMethod.TRANSFER
    )
    reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    reason = models.TextField(_("reason"))
    refunded_on = models.DateField(_("given back on"))
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    recorded_by = _person(_("recorded by"))

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        default_permissions = ("view",)
        permissions = [("give_refund", _("Can give money back to customers"))]
        constraints = [
            models.CheckConstraint(name="refund_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="refund_has_reason", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.reference or f"{self.receipt_id} {self.amount}"


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def standing(self) -> "AllocationQuerySet":
        """Allocations that were not undone."""
        return self.filter(reversed_at__isnull=True)


class Allocation(models.Model):
    """A part of a receipt that pays an invoice. `effective_on` is the day from which it counts."""

    receipt = models.ForeignKey(
        Receipt, verbose_name=_("receipt"), on_delete=models.PROTECT, related_name="allocations"
    )
    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="allocations"
    )
    amount = _amount(_("amount"))
    effective_on = models.DateField(_("counts from"))
    at = models.DateTimeField(_("when"))
    by = _person(_("who"))
    reversed_at = models.DateTimeField(_("undone"), null=True)
    reversed_by = _person(_("undone by"), null=True)
    reversal_reason = models.TextField(_("why undone"), blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="allocation_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="allocation_reversal_is_whole",
                condition=Q(reversed_at__isnull=True, reversed_by__isnull=True, reversal_reason="")
                | Q(reversed_at__isnull=False, reversed_by__isnull=False) & ~Q(reversal_reason=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="figures_stay",
                fields=["receipt", "invoice", "amount", "effective_on", "at", "by"],
            ),
            pgtrigger.Protect(
                name="undone_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__reversed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} → {self.invoice_id} {self.amount}"


class InvoiceAdjustment(models.Model):
    """A document that lowers an invoice without money: a credit note, a write-off."""

    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="adjustments"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AdjustmentKind.choices)
    number = models.CharField(_("number"), max_length=80, unique=True)
    amount = _amount(_("amount"))
    reason = models.TextField(_("reason"))
    # The reason apart from any language, where no person gave it.
    said = models.JSONField(null=True, editable=False)
    effective_on = models.DateField(_("counts from"))
    at = models.DateTimeField(_("when"))
    by = _person(_("who"), null=True)

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        default_permissions = ("view",)
        permissions = [
            ("issue_credit_note", _("Can issue credit notes")),
            ("write_off", _("Can write receivables off")),
        ]
        constraints = [
            models.CheckConstraint(name="adjustment_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="adjustment_has_reason", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def words(self) -> str:
        """The reason, in the language of its reader where no person gave it."""
        return again(self.reason, self.said)


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def open(self) -> "DisputeQuerySet":
        return self.filter(resolved_at__isnull=True)


class Dispute(models.Model):
    """What a customer objects to about an invoice. One invoice has one open dispute at most."""

    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="disputes"
    )
    amount = _amount(_("disputed amount"))
    reason = models.CharField(_("reason"), max_length=10, choices=DisputeReason.choices)
    note = models.TextField(_("note"), blank=True)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = _person(_("opened by"))
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    resolved_by = _person(_("resolved by"), null=True)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=DisputeOutcome.choices, blank=True
    )
    resolution_note = models.TextField(_("how it was resolved"), blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        default_permissions = ("view",)
        permissions = [("dispute_invoice", _("Can open and resolve disputes"))]
        constraints = [
            models.CheckConstraint(name="dispute_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                name="dispute_open_once_per_invoice",
                fields=["invoice"],
                condition=Q(resolved_at__isnull=True),
            ),
            models.CheckConstraint(
                name="dispute_resolution_is_whole",
                condition=Q(
                    resolved_at__isnull=True,
                    resolved_by__isnull=True,
                    outcome="",
                    resolution_note="",
                )
                | Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.amount}"
