"""Exchange rates, each from a day on."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.money import CURRENCIES

# The latest rate of each pair, or the inverse of the opposite pair's where that one is newer or the
# only one.
_LATEST = """
    SELECT pair.source, pair.target, found.rate, found.valid_on
    FROM unnest(%s::text[], %s::text[]) AS pair (source, target)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN source = pair.source THEN rate
                    ELSE round(1 / rate, 10) END AS rate, valid_on
        FROM credit_exchangerate
        WHERE valid_on <= %s
            AND ((source = pair.source AND target = pair.target)
                OR (source = pair.target AND target = pair.source))
        ORDER BY valid_on DESC, source = pair.source DESC
        LIMIT 1
    ) found
"""


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    def latest_rates(
        self, pairs: Sequence[tuple[str, str]], day: date
    ) -> dict[str, dict[str, str]]:
        """For each (source, target) the latest rate not after `day`, as a decision keeps it."""
        with connection.cursor() as cursor:
            cursor.execute(_LATEST, [[a for a, _b in pairs], [b for _a, b in pairs], day])
            return {
                f"{source}/{target}": {"rate": format(rate.normalize(), "f"), "on": on.isoformat()}
                for source, target, rate, on in cursor.fetchall()
            }


class ExchangeRate(models.Model):
    """How much of `target` one unit of `source` is worth, from `valid_on` until the next row."""

    source = models.CharField(_("one unit of"), max_length=3, choices=CURRENCIES)
    target = models.CharField(_("is worth, in"), max_length=3, choices=CURRENCIES)
    rate = models.DecimalField(
        _("rate"),
        max_digits=18,
        decimal_places=8,
        validators=[MinValueValidator(Decimal("0.00000001"))],
    )
    valid_on = models.DateField(_("valid from"))
    origin = models.CharField(
        _("where from"), max_length=120, blank=True, help_text=_("A bank, a bulletin, a contract.")
    )

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-valid_on", "source", "target"]
        constraints = [
            models.UniqueConstraint(
                name="rate_once_a_day", fields=["source", "target", "valid_on"]
            ),
            models.CheckConstraint(
                name="rate_positive",
                condition=Q(rate__gt=0),
                violation_error_message=_("A rate is more than 0."),
            ),
            models.CheckConstraint(
                name="rate_between_two",
                condition=~Q(source=F("target")),
                violation_error_message=_("Choose two different currencies."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}/{self.target} {self.rate} ({self.valid_on})"
