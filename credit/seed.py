"""Rows the product needs from the start; what an administrator changed is left alone."""

from django.utils import timezone

from credit.content import default_content
from credit.enums import PolicyScope, VersionState
from credit.models import Policy, PolicyVersion
from credit.scoring.seed import seed_scoring

STANDARD = "standard"


def seed(**_signal: object) -> None:
    """The policy that governs whoever has no other, tolerating nothing; the first scorecard."""
    seed_scoring()
    policy, _made = Policy.objects.get_or_create(
        scope=PolicyScope.ALL,
        defaults={
            "code": STANDARD,
            "name_en": "Standard policy",
            "name_zh_hans": "标准信用策略",
            "name_zh_hant": "標準信用政策",
        },
    )
    if not policy.versions.filter(state=VersionState.PUBLISHED).exists():
        now = timezone.now()
        PolicyVersion.objects.create(
            policy=policy,
            number=policy.versions.count() + 1,
            state=VersionState.PUBLISHED,
            content=default_content(),
            created_at=now,
            published_at=now,
        )
