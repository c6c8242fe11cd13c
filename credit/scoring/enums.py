from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from journal.actions import declare_actions


class ExternalRating(TextChoices):
    """Grades of rating agencies, the best first."""

    AAA = "AAA", "AAA"
    AA = "AA", "AA"
    A = "A", "A"
    BBB = "BBB", "BBB"
    BB = "BB", "BB"
    B = "B", "B"
    CCC = "CCC", "CCC"
    CC = "CC", "CC"
    C = "C", "C"
    D = "D", "D"


class IndustryRisk(TextChoices):
    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class FactorCode(TextChoices):
    """What a scorecard can look at."""

    EMPLOYEES = "employees", _("Size (employees)")
    REVENUE = "revenue", _("Size (annual revenue)")
    YEARS = "years", _("Years in business")
    DAYS_LATE = "days_late", _("Payment history (days late)")
    ON_TIME = "on_time", _("Payment history (paid on time)")
    PROMISES = "promises", _("Promises not kept")
    RATING = "rating", _("External rating")
    INDUSTRY = "industry", _("Industry risk")


# Factors that take one of a few values; all others are figures of 0 or more.
CHOICES: dict[str, type[TextChoices]] = {
    FactorCode.RATING: ExternalRating,
    FactorCode.INDUSTRY: IndustryRisk,
}


class ScorecardState(TextChoices):
    """From an idea to the card in force. Only a draft can still be changed."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


@declare_actions
class ScoreAction(TextChoices):
    CARD_DRAFTED = "credit.scorecard_drafted", _("Draft of a scorecard written")
    CARD_CHANGED = "credit.scorecard_changed", _("Draft of a scorecard changed")
    CARD_PUBLISHED = "credit.scorecard_published", _("Scorecard published")
    CARD_DISCARDED = "credit.scorecard_discarded", _("Draft of a scorecard discarded")
    CARD_RETIRED = "credit.scorecard_retired", _("Scorecard retired")
    CLASS_CHANGED = "credit.risk_class_changed", _("Risk class changed")
    INDUSTRY_CHANGED = "credit.industry_changed", _("Industry changed")
