"""What customers owe on invoices."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.enums import DocumentSource, Standing
from credit.models.account import CreditAccount
from credit.money import ZERO

if TYPE_CHECKING:
    from staff.models import User


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def open(self) -> "InvoiceQuerySet":
        """Invoices with something left to pay, oldest due date first."""
        return self.filter(open_amount__gt=0).order_by("due_on", "pk")

    def for_user(self, user: "User") -> "InvoiceQuerySet":
        """The invoices of the customers this user may see."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(account__customer__owner=user)


class Invoice(models.Model):
    """A claim on a customer in the account's currency. Dates are days in the server's time zone.

    `open_amount` is the amount less what was allocated to it and adjusted. `disputed_amount` is the
    part of it to which the customer objects. `order_id` is empty for claims made elsewhere.
    """

    account = models.ForeignKey(
        CreditAccount, verbose_name=_("account"), on_delete=models.PROTECT, related_name="invoices"
    )
    number = models.CharField(_("number"), max_length=60, unique=True)
    order_id = models.BigIntegerField(_("order"), null=True, db_index=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    open_amount = models.DecimalField(_("open amount"), max_digits=18, decimal_places=2)
    disputed_amount = models.DecimalField(
        _("disputed amount"), max_digits=18, decimal_places=2, default=ZERO
    )
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"))
    settled_on = models.DateField(_("settled on"), null=True)
    source = models.CharField(
        _("source"),
        max_length=8,
        choices=DocumentSource.choices,
        default=DocumentSource.ORDER,
    )
    external_id = models.CharField(_("number at the source"), max_length=80, blank=True)
    history = models.BooleanField(
        _("imported history"),
        default=False,
        help_text=_("Settled elsewhere before it was imported."),
    )

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        permissions = [("import_receivables", _("Can import receivables"))]
        indexes = [
            models.Index(
                fields=["account", "due_on"], name="invoice_open", condition=Q(open_amount__gt=0)
            ),
            # The company's open items by due date, and its pages.
            models.Index(
                fields=["due_on", "id"], name="invoice_due", condition=Q(open_amount__gt=0)
            ),
            models.Index(fields=["account", "issued_on"], name="invoice_by_account"),
        ]
        constraints = [
            models.CheckConstraint(
                name="invoice_open_within_amount",
                condition=Q(open_amount__gte=0, open_amount__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="invoice_disputed_within_open",
                condition=Q(disputed_amount__gte=0, disputed_amount__lte=F("open_amount")),
            ),
            models.CheckConstraint(
                name="invoice_settled_when_nothing_open",
                condition=Q(open_amount__gt=0, settled_on__isnull=True)
                | Q(open_amount=0, settled_on__isnull=False),
            ),
            models.CheckConstraint(
                name="invoice_due_after_issue", condition=Q(due_on__gte=F("issued_on"))
            ),
            models.UniqueConstraint(
                name="invoice_external_id_once_per_source",
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def standing(self, day: date) -> Standing:
        """How the invoice stands on `day`, as far as is known now."""
        if not self.open_amount:
            return Standing.SETTLED
        if self.disputed_amount:
            return Standing.DISPUTED
        return Standing.OVERDUE if self.due_on < day else Standing.DUE

    def lateness(self, day: date) -> int:
        """Days from the due date to `day` or to the settlement, 0 when neither came too late."""
        return max(((self.settled_on or day) - self.due_on).days, 0)
