"""Scorecards, the history of scores, and where each customer stands."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from credit.enums import LimitKind, RiskClass
from credit.models.customer import Customer
from credit.money import CURRENCIES, ZERO
from credit.scoring import triggers
from credit.scoring.enums import CHOICES, ExternalRating, FactorCode, IndustryRisk, ScorecardState

_PERCENT = [MaxValueValidator(100)]
_OF_CHOICE = [str(code) for code in CHOICES]


def _person(label: StrOrPromise) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def published(self) -> "ScorecardQuerySet":
        """The card in force, of which there is at most one."""
        return self.filter(state=ScorecardState.PUBLISHED)


class Scorecard(models.Model):
    """How customers are scored. A draft can be changed; the database keeps all others as they are.

    Nobody is named on the card that came with the product.
    """

    number = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=ScorecardState.choices,
        default=ScorecardState.DRAFT,
        editable=False,
    )
    note = models.TextField(_("what it is for"), blank=True)
    currency = models.CharField(
        _("currency of the bands of revenue"), max_length=3, choices=CURRENCIES, default="CNY"
    )
    created_at = models.DateTimeField(_("created"), editable=False)
    created_by = _person(_("created by"))
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = _person(_("published by"))

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        ordering = ["-number"]
        permissions = [("publish_scorecard", _("Can publish scorecards"))]
        constraints = [
            models.UniqueConstraint(
                name="scorecard_published_once",
                fields=["state"],
                condition=Q(state=ScorecardState.PUBLISHED),
            ),
            models.CheckConstraint(
                name="scorecard_published_is_dated",
                condition=Q(state=ScorecardState.DRAFT, published_at__isnull=True)
                | ~Q(state=ScorecardState.DRAFT) & Q(published_at__isnull=False),
            ),
        ]
        triggers = [triggers.KEEP_CARD]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == ScorecardState.DRAFT


class ScorecardPart(models.Model):
    """A row of a scorecard, as fixed as the card itself."""

    class Meta:
        abstract = True


class ScorecardFactor(ScorecardPart):
    """How much one factor weighs, and the points of a customer of whom it is not known."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="factors")
    code = models.CharField(_("factor"), max_length=10, choices=FactorCode.choices)
    weight = models.PositiveSmallIntegerField(_("weight in %"), validators=_PERCENT)
    unknown_points = models.PositiveSmallIntegerField(
        _("points if unknown"), validators=_PERCENT, default=0
    )

    class Meta:
        verbose_name = _("factor")
        verbose_name_plural = _("factors")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="scorecard_factor_once",
                fields=["scorecard", "code"],
                violation_error_message=_("Each factor can only weigh once."),
            ),
            models.CheckConstraint(
                name="scorecard_factor_in_hundred",
                condition=Q(weight__lte=100, unknown_points__lte=100),
            ),
        ]
        triggers = [triggers.keep_part()]

    def __str__(self) -> str:
        return f"{self.get_code_display()}: {self.weight} %"


class ScorecardBand(ScorecardPart):
    """The points of the figures from `start` up to the next band, or of one rating or risk."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="bands")
    factor = models.CharField(_("factor"), max_length=10, choices=FactorCode.choices)
    start = models.DecimalField(
        _("begins at"), max_digits=18, decimal_places=2, null=True, blank=True,
        help_text=_("For figures: employees, revenue, years, days or %."),
    )  # fmt: skip
    value = models.CharField(
        _("or is"),
        max_length=6,
        blank=True,
        choices=[
            (FactorCode.RATING.label, ExternalRating.choices),
            (FactorCode.INDUSTRY.label, IndustryRisk.choices),
        ],
        help_text=_("For the external rating and the industry risk."),
    )
    points = models.PositiveSmallIntegerField(_("points, 0 to 100"), validators=_PERCENT)

    class Meta:
        verbose_name = _("band")
        verbose_name_plural = _("bands")
        default_permissions = ()
        ordering = ["factor", "start", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="scorecard_band_once",
                fields=["scorecard", "factor", "start", "value"],
                nulls_distinct=False,
                violation_error_message=_("There is a band for this value already."),
            ),
            models.CheckConstraint(
                name="scorecard_band_figure_or_value",
                condition=Q(factor__in=_OF_CHOICE, start__isnull=True) & ~Q(value="")
                | ~Q(factor__in=_OF_CHOICE) & Q(start__gte=0, start__isnull=False, value=""),
                violation_error_message=_(
                    "Give a figure of 0 or more for sizes, years, days and percentages, "
                    "and a value for the rating and the industry risk."
                ),
            ),
            models.CheckConstraint(name="scorecard_band_in_hundred", condition=Q(points__lte=100)),
        ]
        triggers = [triggers.keep_part()]

    def __str__(self) -> str:
        where = self.get_value_display() if self.value else f"≥ {self.start}"
        return f"{self.get_factor_display()} {where}: {self.points}"


class ScorecardClass(ScorecardPart):
    """Where a risk class begins, and how much credit is recommended to its customers."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="classes")
    code = models.CharField(_("risk class"), max_length=1, choices=RiskClass.choices)
    from_points = models.DecimalField(
        _("from points"), max_digits=5, decimal_places=2, validators=_PERCENT
    )
    revenue_percent = models.DecimalField(
        _("share of annual revenue in %"), max_digits=5, decimal_places=2, null=True, blank=True,
        help_text=_("The lower of the two is recommended; with neither, no credit."),
    )  # fmt: skip
    months = models.DecimalField(
        _("× average monthly invoices"), max_digits=4, decimal_places=1, null=True, blank=True
    )

    class Meta:
        verbose_name = _("risk class")
        verbose_name_plural = _("risk classes")
        default_permissions = ()
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                name="scorecard_class_once",
                fields=["scorecard", "code"],
                violation_error_message=_("Each risk class can only begin once."),
            ),
            models.CheckConstraint(
                name="scorecard_class_not_negative",
                condition=Q(from_points__gte=0, from_points__lte=100)
                & (Q(revenue_percent__isnull=True) | Q(revenue_percent__gt=0))
                & (Q(months__isnull=True) | Q(months__gt=0)),
                violation_error_message=_(
                    "Points are 0 to 100; a percentage and a multiple are more than 0 or empty."
                ),
            ),
        ]
        triggers = [triggers.keep_part()]

    def __str__(self) -> str:
        return f"{self.code} ≥ {self.from_points}"


class CreditScore(models.Model):
    """A customer's score at a moment, with everything needed to explain it. Never changed.

    `recommended_limit` is in `currency`, None where too little was known to recommend any.
    """

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="scores"
    )
    at = models.DateTimeField(_("when"))
    scorecard = models.ForeignKey(
        Scorecard, verbose_name=_("scorecard"), on_delete=models.PROTECT, related_name="scores"
    )
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    risk_class = models.CharField(_("risk class"), max_length=1, choices=RiskClass.choices)
    recommended_limit = models.DecimalField(
        _("recommended limit"), max_digits=18, decimal_places=2, null=True
    )
    currency = models.CharField(_("currency"), max_length=3)
    explanation = models.JSONField(_("explanation"))

    class Meta:
        verbose_name = _("credit score")
        verbose_name_plural = _("credit scores")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="score_by_customer")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.points} {self.risk_class}"


class ScoreStanding(models.Model):
    """A customer's latest score beside the limit there was when it was last looked at.

    `deviation` is how far the limit is from the recommendation, in % of it: −100 for no limit, and
    credit.scoring.comparison.BOUNDLESS where the limit is boundless or nothing is recommended.
    `distance` is the same without its sign. Both are 0 where there is nothing to compare.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="standing"
    )
    score = models.ForeignKey(CreditScore, on_delete=models.PROTECT, related_name="+")
    limit_kind = models.CharField(_("kind of limit"), max_length=10, choices=LimitKind.choices)
    limit_amount = models.DecimalField(
        _("credit limit"), max_digits=18, decimal_places=2, null=True
    )
    deviation = models.DecimalField(_("deviation in %"), max_digits=8, decimal_places=1)
    distance = models.DecimalField(_("distance in %"), max_digits=8, decimal_places=1)
    compared_at = models.DateTimeField(_("compared"))

    class Meta:
        verbose_name = _("standing of a customer")
        verbose_name_plural = _("standings of customers")
        default_permissions = ()
        indexes = [models.Index(fields=["-distance", "customer"], name="standing_by_distance")]
        constraints = [
            models.CheckConstraint(
                name="standing_distance_positive", condition=Q(distance__gte=ZERO)
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.deviation}"
