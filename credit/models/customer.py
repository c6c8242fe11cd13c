"""Who buys: customers and the segments they belong to."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit.enums import CustomerStatus, LimitKind, RiskClass
from credit.money import CURRENCIES, ZERO
from credit.querysets import CustomerQuerySet
from credit.scoring.enums import ExternalRating, IndustryRisk
from staff.names import Named

CODE = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._/-]*\Z",
    _(
        "Use letters, digits, dots, dashes, slashes and underscores, "
        "beginning with a letter or digit."
    ),
)


class Segment(Named):
    """A kind of customer; its limit applies to the accounts that inherit theirs."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    limit_kind = models.CharField(
        _("kind of limit"),
        max_length=10,
        choices=[c for c in LimitKind.choices if c[0] not in (LimitKind.INHERIT, LimitKind.GROUP)],
        default=LimitKind.NONE,
    )
    limit_amount = models.DecimalField(
        _("credit limit"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    limit_currency = models.CharField(
        _("currency of the limit"), max_length=3, choices=CURRENCIES, blank=True
    )

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="segment_amount_goes_with_kind",
                condition=Q(
                    limit_kind=LimitKind.AMOUNT,
                    limit_amount__gte=0,
                    limit_amount__isnull=False,
                )
                & ~Q(limit_currency="")
                | Q(limit_amount__isnull=True, limit_currency="")
                & Q(limit_kind__in=[LimitKind.NONE, LimitKind.UNLIMITED]),
                violation_error_message=_(
                    "A limit of kind 'amount' needs an amount of zero or more and its currency; "
                    "the other kinds have neither."
                ),
            )
        ]

    def as_facts(self) -> dict[str, Any]:
        """The segment's limit as a decision keeps it."""
        return {
            "code": self.code,
            "kind": self.limit_kind,
            "amount": None if self.limit_amount is None else str(self.limit_amount),
            "currency": self.limit_currency,
        }


class Industry(Named):
    """What a customer does, and how risky that business is."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    risk = models.CharField(_("risk of the industry"), max_length=6, choices=IndustryRisk.choices)

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        default_permissions = ("view", "add", "change")
        ordering = ["code"]


class Customer(models.Model):
    """Somebody who buys, and the salesperson who looks after them.

    What is not known about the business stays empty; scoring says so and counts it as the
    scorecard tells. `annual_revenue` is in the currency of the customer's account. `risk_class` is
    written by scoring alone and empty until the first score.
    """

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=200)
    segment = models.ForeignKey(Segment, verbose_name=_("segment"), on_delete=models.PROTECT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("salesperson"),
        on_delete=models.PROTECT,
        related_name="customers",
    )
    payment_days = models.PositiveSmallIntegerField(
        _("payment terms in days"),
        default=30,
        validators=[MaxValueValidator(365)],
        help_text=_("Days from the invoice to its due date; 0 means due at once."),
    )
    status = models.CharField(
        _("status"), max_length=12, choices=CustomerStatus.choices, default=CustomerStatus.ACTIVE
    )
    status_reason = models.TextField(
        _("reason for the status"),
        blank=True,
        help_text=_("Required for the watch list and the blacklist."),
    )
    risk_class = models.CharField(
        _("risk class"), max_length=1, choices=RiskClass.choices, blank=True, editable=False
    )
    vip = models.BooleanField(_("VIP"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    ship_to_name = models.CharField(_("recipient"), max_length=120, blank=True)
    ship_to_address = models.CharField(_("ship-to address"), max_length=300, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    annual_revenue = models.DecimalField(
        _("annual revenue"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In the currency of the customer's credit account."),
    )
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    external_rating = models.CharField(
        _("external rating"),
        max_length=3,
        choices=ExternalRating.choices,
        blank=True,
        help_text=_("From a rating agency; leave empty when there is none."),
    )
    industry = models.ForeignKey(
        Industry, verbose_name=_("industry"), on_delete=models.PROTECT, null=True, blank=True
    )
    created_at = models.DateTimeField(_("created"))

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [
            ("view_all_customers", _("Can see the customers of every salesperson")),
            ("classify_customer", _("Can change segment, terms and status of customers")),
        ]
        indexes = [models.Index(fields=["owner", "code"], name="customer_by_owner")]
        constraints = [
            models.CheckConstraint(
                name="customer_status_has_reason",
                condition=Q(status=CustomerStatus.ACTIVE) | ~Q(status_reason=""),
                violation_error_message=_(
                    "Say why the customer is on the watch list or the blacklist."
                ),
            ),
            models.CheckConstraint(
                name="customer_revenue_not_negative",
                condition=Q(annual_revenue__isnull=True) | Q(annual_revenue__gte=ZERO),
                violation_error_message=_("The annual revenue cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
