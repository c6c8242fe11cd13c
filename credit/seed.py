"""Rows the product needs from the start; what an administrator changed is left alone."""

from credit.enums import CheckCode
from credit.models import CheckSetting
from credit.scoring.seed import seed_scoring


def seed(**_signal: object) -> None:
    """One setting for each check, switched on and tolerating nothing; the first scorecard."""
    for code in CheckCode.values:
        CheckSetting.objects.get_or_create(code=code)
    seed_scoring()
