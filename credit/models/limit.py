"""What a customer may owe: dated limits, of which none is ever overwritten."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from credit.enums import LimitKind, LimitType, Security
from credit.models.account import CreditAccount
from staff.figures import money
from staff.sentences import again


class CreditLimitQuerySet(models.QuerySet["CreditLimit"]):
    def valid_on(self, day: date) -> "CreditLimitQuerySet":
        """The limits that count on `day`: the latest base limit of each account, also when it has
        expired, and every temporary and secured limit within its days.
        """
        later = CreditLimit.objects.filter(
            account=models.OuterRef("account"),
            type=LimitType.BASE,
            ended_at__isnull=True,
            valid_from__lte=day,
        ).order_by("-valid_from", "-pk")
        standing = self.filter(ended_at__isnull=True, valid_from__lte=day)
        return standing.filter(
            Q(type=LimitType.BASE, pk=models.Subquery(later.values("pk")[:1]))
            | ~Q(type=LimitType.BASE) & Q(valid_until__gte=day)
        ).order_by("pk")

    def amount_on(self, day: date) -> models.Subquery:
        """An expression on accounts: what their amount limits come to on `day`, NULL without."""
        counted = Case(
            When(type=LimitType.SECURED, then=F("amount") * F("covered_percent") / 100),
            default=F("amount"),
        )
        sums = (
            self.valid_on(day)
            .filter(account=models.OuterRef("pk"), kind=LimitKind.AMOUNT)
            .order_by()
            .values("account")
            .annotate(sum=models.Sum(counted, output_field=CreditLimit._meta.get_field("amount")))
        )
        return models.Subquery(sums.values("sum"))


class CreditLimit(models.Model):
    """One limit of an account, from a day on. Amounts are in the account's currency.

    A new base limit takes over from the one before; nothing but ending it changes a row.
    """

    account = models.ForeignKey(
        CreditAccount, verbose_name=_("account"), on_delete=models.PROTECT, related_name="limits"
    )
    type = models.CharField(_("type of limit"), max_length=9, choices=LimitType.choices)
    kind = models.CharField(_("kind of limit"), max_length=10, choices=LimitKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True)
    security = models.CharField(_("security"), max_length=10, choices=Security.choices, blank=True)
    covered_percent = models.DecimalField(
        _("covered %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    reference = models.CharField(_("document"), max_length=120, blank=True)
    reason = models.TextField(_("reason"))
    # The reason apart from any language, where no person gave it.
    said = models.JSONField(null=True, editable=False)
    granted_at = models.DateTimeField(_("granted"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("granted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    # The number of the approval request, which is known above this app.
    request_id = models.PositiveBigIntegerField(_("approval request"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ended by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    end_reason = models.TextField(_("why ended"), blank=True)

    objects = CreditLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit limit")
        verbose_name_plural = _("credit limits")
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["account", "type", "-valid_from", "-id"],
                name="limit_standing",
                condition=Q(ended_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="limit_amount_goes_with_kind",
                condition=Q(kind=LimitKind.AMOUNT, amount__gte=0, amount__isnull=False)
                | ~Q(kind=LimitKind.AMOUNT) & Q(amount__isnull=True),
            ),
            models.CheckConstraint(
                name="limit_type_is_whole",
                condition=Q(type=LimitType.BASE, security="", covered_percent__isnull=True)
                | Q(
                    type=LimitType.TEMPORARY,
                    kind=LimitKind.AMOUNT,
                    security="",
                    covered_percent__isnull=True,
                    valid_until__isnull=False,
                )
                | Q(
                    type=LimitType.SECURED,
                    kind=LimitKind.AMOUNT,
                    covered_percent__gte=0,
                    covered_percent__lte=100,
                    covered_percent__isnull=False,
                    valid_until__isnull=False,
                )
                & ~Q(security=""),
            ),
            models.CheckConstraint(
                name="limit_days_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="limit_duties_are_separate",
                condition=Q(requested_by__isnull=True, request_id__isnull=True)
                | Q(requested_by__isnull=False, request_id__isnull=False, granted_by__isnull=False)
                & ~Q(granted_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="limit_end_is_whole",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
            ),
        ]

    def __str__(self) -> str:
        worth = self.get_kind_display() if self.amount is None else money(self.amount)
        return f"{self.get_type_display()} {worth}"

    def as_facts(self) -> dict[str, Any]:
        """The limit as a decision keeps it."""
        return {
            "type": self.type,
            "kind": self.kind,
            "amount": None if self.amount is None else str(self.amount),
            "percent": None if self.covered_percent is None else str(self.covered_percent),
            "from": self.valid_from.isoformat(),
            "until": self.valid_until.isoformat() if self.valid_until else None,
        }

    @property
    def words(self) -> str:
        """The reason, in the language of its reader where no person gave it."""
        return again(self.reason, self.said)
