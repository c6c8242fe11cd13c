"""The matrix that an installation begins with; what an administrator published is left alone."""

from typing import Any

from django.utils import timezone

from approvals.matrix.content import clean
from approvals.matrix.enums import MatrixState, Need, Purpose
from approvals.matrix.models import MatrixVersion
from approvals.matrix.routing import Content
from credit.enums import CheckCode
from credit.sentences import RULE
from staff.roles import Role

# Gate rules about flagged goods go by this code.
FLAGGED = f"{RULE}flagged_goods"


def seed(**_signal: object) -> None:
    """One published version, so that every request finds its way from the first day."""
    if MatrixVersion.objects.exclude(state=MatrixState.DRAFT).exists():
        return
    now = timezone.now()
    latest = MatrixVersion.objects.order_by("-number").first()
    MatrixVersion.objects.create(
        number=latest.number + 1 if latest else 1,
        state=MatrixState.PUBLISHED,
        content=default_content(),
        created_at=now,
        published_at=now,
    )


def default_content() -> Content:
    """Small excesses need one answer, larger ones two levels, heavy ones two people and a level."""
    return clean({"currency": "CNY", "rows": [*_orders(), *_limits()]})


def _orders() -> list[Content]:
    heavy = [
        _stage(Role.APPROVER_1, Role.CREDIT_ANALYST, need=Need.ALL, escalate=Role.APPROVER_2),
        _stage(Role.APPROVER_2, hours=16),
    ]
    anybody = _stage(
        Role.CREDIT_ANALYST, Role.APPROVER_1, Role.APPROVER_2, escalate=Role.APPROVER_2
    )
    return [
        _row(
            "heavy_reason",
            ("Blacklist or flagged goods", "黑名单或风险商品", "黑名單或風險商品"),
            reasons=[CheckCode.BLACKLIST.value, FLAGGED],
            stages=heavy,
        ),
        _row(
            "heavy_excess",
            ("Very large excess", "巨额超限", "巨額超限"),
            excess=["500000.00", None],
            stages=heavy,
        ),
        _row(
            "small",
            ("Small excess", "小额超限", "小額超限"),
            percent=["0", "10"],
            stages=[anybody],
        ),
        _row(
            "little",
            ("Little money", "小金额", "小金額"),
            excess=["0.00", "20000.00"],
            stages=[anybody],
        ),
        _row("larger", ("Larger excess", "较大超限", "較大超限"), stages=_two_levels()),
    ]


def _limits() -> list[Content]:
    return [
        _row(
            "limit_small",
            ("Small rise of a limit", "小幅提额", "小幅調升額度"),
            purpose=Purpose.LIMIT.value,
            excess=["0.00", "100000.00"],
            # Whoever approves answers for the whole limit that results, not for the rise alone.
            amount=["0.00", "1000000.00"],
            stages=[_stage(Role.APPROVER_1, escalate=Role.APPROVER_2)],
        ),
        _row(
            "limit_large",
            ("Large rise of a limit", "大幅提额", "大幅調升額度"),
            purpose=Purpose.LIMIT.value,
            stages=_two_levels(),
        ),
    ]


def _two_levels() -> list[Content]:
    return [_stage(Role.APPROVER_1, escalate=Role.APPROVER_2), _stage(Role.APPROVER_2, hours=16)]


def _stage(
    *seats: Role, need: Need = Need.ANY, hours: int = 8, escalate: Role | None = None
) -> Content:
    return {
        "need": need.value,
        "seats": [{"role": role.value} for role in seats],
        "hours": hours,
        "escalate": {"role": escalate.value} if escalate else None,
    }


def _row(code: str, names: tuple[str, str, str], **values: Any) -> Content:
    wide: Content = {
        "purpose": Purpose.ORDER.value,
        "excess": ["0.00", None],
        "percent": ["0", None],
        "amount": ["0.00", None],
        "risk_classes": [],
        "segments": [],
        "reasons": [],
    }
    named = dict(zip(("en", "zh-hans", "zh-hant"), names, strict=True))
    return wide | {"code": code, "names": named} | values
