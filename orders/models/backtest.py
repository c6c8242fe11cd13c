"""Trials of a policy version on past orders, and what each found."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.models import Customer, Invoice, PolicyVersion
from orders.backtest.enums import BUSY, BacktestState, Basis, Ending
from orders.models.order import Order

if TYPE_CHECKING:
    from staff.models import User


def _version(label: Any) -> models.ForeignKey:
    # A draft may be thrown away; what the run judged by is kept with the run.
    return models.ForeignKey(
        PolicyVersion,
        verbose_name=label,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )


class BacktestRun(models.Model):
    """One version, or two side by side, on the orders of a time. Days are the company's.

    `name` and `content` are those of the version when the run was asked for; a draft may change
    afterwards.
    """

    version = _version(_("version"))
    compared = _version(_("compared with"))
    name = models.CharField(_("version"), max_length=60)
    compared_name = models.CharField(_("compared with"), max_length=60, blank=True)
    content: Any = models.JSONField(_("checks"))
    compared_content: Any = models.JSONField(_("checks compared with"), null=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    basis = models.CharField(_("use of the limit by"), max_length=6, choices=Basis.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=BacktestState.choices, default=BacktestState.QUEUED
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("asked for"))
    heard_at = models.DateTimeField(_("last sign of life"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    done = models.PositiveIntegerField(_("judged"), default=0)
    total = models.PositiveIntegerField(_("to judge"), default=0)
    summary: Any = models.JSONField(_("summary"), default=dict)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("policy backtest")
        verbose_name_plural = _("policy backtests")
        default_permissions = ("view",)
        permissions = [("run_backtest", _("Can try credit policies on past orders"))]
        constraints = [
            models.CheckConstraint(
                name="backtest_days_in_order", condition=Q(until__gte=F("since"))
            ),
            models.CheckConstraint(
                name="backtest_end_has_moment",
                condition=Q(ended_at__isnull=True, state__in=BUSY)
                | Q(ended_at__isnull=False) & ~Q(state__in=BUSY),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def busy(self) -> bool:
        """Whether a worker has it or is to get it."""
        return self.state in BUSY


class BacktestFindingQuerySet(models.QuerySet["BacktestFinding"]):
    def for_user(self, user: "User") -> "BacktestFindingQuerySet":
        """Findings about the customers this user may see."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(customer__owner=user)


class BacktestFinding(models.Model):
    """A case that the version, or the one compared with it, would have held.

    A case is an order, or an invoice that belongs to none. Rows are in the order of time. `amount`
    is in `currency`, the case's; `excess` in `credit_currency`, the account's. `checks` are those
    that block; `days_late` counts from the due day to the payment, or to the day of the run.
    """

    run = models.ForeignKey(
        BacktestRun, verbose_name=_("backtest"), on_delete=models.CASCADE, related_name="findings"
    )
    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    number = models.CharField(_("number"), max_length=60)
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    held = models.BooleanField(_("held"))
    excess = models.DecimalField(_("excess"), max_digits=18, decimal_places=2)
    credit_currency = models.CharField(_("currency of the account"), max_length=3)
    checks: Any = models.JSONField(_("reasons"))
    codes = ArrayField(models.CharField(max_length=80), verbose_name=_("codes of the reasons"))
    compared_held = models.BooleanField(_("held by the version compared with"), null=True)
    compared_checks: Any = models.JSONField(_("reasons of the version compared with"), null=True)
    compared_codes = ArrayField(
        models.CharField(max_length=80), verbose_name=_("codes of its reasons"), default=list
    )
    ending = models.CharField(_("what came of it"), max_length=9, choices=Ending.choices)
    days_late = models.IntegerField(_("days late"), null=True)

    objects = BacktestFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding of a backtest")
        verbose_name_plural = _("findings of backtests")
        default_permissions = ()
        indexes = [models.Index(fields=["run", "id"], name="finding_by_run")]
        constraints = [
            models.CheckConstraint(
                name="finding_of_one_case",
                condition=Q(order__isnull=False, invoice__isnull=True)
                | Q(order__isnull=True, invoice__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_is_held", condition=Q(held=True) | Q(compared_held=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"

    @property
    def style(self) -> str:
        """The code of the badge that says what came of it."""
        return f"then_{self.ending}"

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """The checks that block: the version's, and those that only the one compared with has."""
        more = [check for check in self.compared_checks or [] if check["code"] not in self.codes]
        return [*self.checks, *more]
