"""The first scorecard and a few industries, where there are none."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from credit.models import Industry, Scorecard, ScorecardBand, ScorecardClass, ScorecardFactor
from credit.scoring.enums import ExternalRating, FactorCode, IndustryRisk, ScorecardState

# code: risk; names in English, 简体中文, 繁體中文
INDUSTRIES = {
    "wholesale": (IndustryRisk.MEDIUM, ("Wholesale trade", "批发贸易", "批發貿易")),
    "retail": (IndustryRisk.MEDIUM, ("Retail trade", "零售业", "零售業")),
    "manufacturing": (IndustryRisk.LOW, ("Manufacturing", "制造业", "製造業")),
    "logistics": (IndustryRisk.MEDIUM, ("Transport and logistics", "交通物流", "運輸物流")),
    "construction": (IndustryRisk.HIGH, ("Building and materials", "建筑与建材", "營建與建材")),
}

# factor: weight in %, points if unknown. How somebody pays says more than how large they are.
WEIGHTS = {
    FactorCode.DAYS_LATE: (30, 50),
    FactorCode.ON_TIME: (15, 50),
    FactorCode.RATING: (20, 40),
    FactorCode.YEARS: (15, 0),
    FactorCode.EMPLOYEES: (10, 40),
    FactorCode.INDUSTRY: (10, 50),
}
# factor: (from, points)
FIGURES = {
    FactorCode.DAYS_LATE: ((0, 100), (1, 90), (5, 75), (10, 55), (20, 35), (30, 15), (60, 0)),
    FactorCode.ON_TIME: ((0, 0), (25, 20), (50, 45), (70, 65), (85, 80), (95, 100)),
    FactorCode.YEARS: ((0, 10), (1, 25), (3, 50), (5, 70), (10, 85), (20, 100)),
    FactorCode.EMPLOYEES: ((0, 10), (10, 30), (50, 50), (200, 70), (500, 85), (1000, 100)),
}
VALUES: dict[FactorCode, dict[str, int]] = {
    FactorCode.RATING: dict(
        zip(ExternalRating.values, (100, 95, 85, 70, 50, 30, 15, 10, 5, 0), strict=True)
    ),
    FactorCode.INDUSTRY: {IndustryRisk.LOW: 100, IndustryRisk.MEDIUM: 60, IndustryRisk.HIGH: 20},
}
# class: from points, % of annual revenue, multiple of the average monthly invoices
CLASSES = {
    "A": (80, "5", "5"),
    "B": (65, "4", "4"),
    "C": (50, "3", "3"),
    "D": (35, "1.5", "1.5"),
    "E": (0, None, None),
}


@transaction.atomic
def seed_scoring() -> None:
    """Industries by their code, and the first scorecard; nothing where there is one already."""
    for code, (risk, names) in INDUSTRIES.items():
        named = dict(zip(("name_en", "name_zh_hans", "name_zh_hant"), names, strict=True))
        Industry.objects.get_or_create(code=code, defaults={"risk": risk, **named})
    if Scorecard.objects.exists():
        return
    at = timezone.now()
    card = Scorecard.objects.create(number=1, created_at=at)
    fill(card)
    card.state, card.published_at = ScorecardState.PUBLISHED, at
    card.save(update_fields=["state", "published_at"])


def fill(card: Scorecard) -> None:
    """Give a draft the factors, bands and classes of the first scorecard."""
    ScorecardFactor.objects.bulk_create(
        ScorecardFactor(scorecard=card, code=code, weight=weight, unknown_points=unknown)
        for code, (weight, unknown) in WEIGHTS.items()
    )
    ScorecardBand.objects.bulk_create(
        ScorecardBand(scorecard=card, factor=code, start=Decimal(start), points=points)
        for code, bands in FIGURES.items()
        for start, points in bands
    )
    ScorecardBand.objects.bulk_create(
        ScorecardBand(scorecard=card, factor=code, value=value, points=points)
        for code, values in VALUES.items()
        for value, points in values.items()
    )
    ScorecardClass.objects.bulk_create(
        ScorecardClass(
            scorecard=card,
            code=code,
            from_points=start,
            revenue_percent=Decimal(percent) if percent else None,
            months=Decimal(months) if months else None,
        )
        for code, (start, percent, months) in CLASSES.items()
    )
