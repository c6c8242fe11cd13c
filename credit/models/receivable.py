"""What customers owe on invoices."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.models.account import CreditAccount


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def open(self) -> "InvoiceQuerySet":
        """Invoices with something left to pay, oldest due date first."""
        return self.filter(open_amount__gt=0).order_by("due_on", "pk")


class Invoice(models.Model):
    """A claim on a customer in the account's currency. Dates are days in the server's time zone."""

    account = models.ForeignKey(
        CreditAccount, verbose_name=_("account"), on_delete=models.PROTECT, related_name="invoices"
    )
    number = models.CharField(_("number"), max_length=60, unique=True)
    order_id = models.BigIntegerField(_("order"), db_index=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    open_amount = models.DecimalField(_("open amount"), max_digits=18, decimal_places=2)
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"))

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [
            models.Index(
                fields=["account", "due_on"], name="invoice_open", condition=Q(open_amount__gt=0)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="invoice_open_within_amount",
                condition=Q(open_amount__gte=0, open_amount__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="invoice_due_after_issue", condition=Q(due_on__gte=F("issued_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.number
