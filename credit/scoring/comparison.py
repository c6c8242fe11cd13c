"""How far a customer's limit is from the recommended one, kept beside the latest score."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from credit.days import company_day
from credit.enums import LimitKind
from credit.models import CreditAccount, ScoreStanding
from credit.money import ZERO
from credit.rates import Rates, rates_on

# The deviation of a boundless limit, of any limit where none is recommended, and the largest.
BOUNDLESS = Decimal("999999.9")
_TENTH = Decimal("0.1")


def deviation(recommended: Decimal | None, kind: str, amount: Decimal | None) -> Decimal:
    """How far the limit is from `recommended`, in % of it, one decimal; 0 with nothing to compare.

    A limit without an amount that is neither boundless nor refused is not the customer's own, and
    there is nothing to compare.
    """
    if recommended is None:
        return ZERO
    if kind == LimitKind.UNLIMITED:
        return BOUNDLESS
    if kind not in (LimitKind.AMOUNT, LimitKind.NONE):
        return ZERO
    granted = amount or ZERO
    if not recommended:
        return BOUNDLESS if granted else ZERO
    return min(((granted - recommended) * 100 / recommended).quantize(_TENTH), BOUNDLESS)


def standing(
    account: CreditAccount, score_id: int, recommended: Decimal | None, at: datetime
) -> ScoreStanding:
    """An unsaved row; `account` is one of `accounts_of`."""
    limit = account.effective_limit
    off = deviation(recommended, limit.kind, limit.amount)
    return ScoreStanding(
        customer_id=account.customer_id,
        score_id=score_id,
        limit_kind=limit.kind,
        limit_amount=limit.amount,
        deviation=off,
        distance=abs(off),
        compared_at=at,
    )


def save(standings: Collection[ScoreStanding]) -> None:
    """Write the rows over those there are. One query."""
    ScoreStanding.objects.bulk_create(
        standings,
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=[
            "score", "limit_kind", "limit_amount", "deviation", "distance", "compared_at",
        ],
    )  # fmt: skip


def compare_again(*, customer_ids: Collection[int], at: datetime) -> None:
    """Note that limits of these customers changed; whoever has no score yet is passed over."""
    known = ScoreStanding.objects.filter(customer__in=customer_ids).select_related("score")
    scores = {row.customer_id: row.score for row in known}
    save(
        [
            standing(account, score.pk, score.recommended_limit, at)
            for account in accounts_of(scores, company_day(at))
            for score in [scores[account.customer_id]]
        ]
    )


def accounts_of(customer_ids: Collection[int], on: date, currency: str = "") -> list[CreditAccount]:
    """The accounts with all that scoring reads of them, by customer, limits as of the day `on`.

    Their rates are those between their currencies, those of their segments' limits, and `currency`.
    Three queries.
    """
    rows = CreditAccount.objects.filter(customer__in=customer_ids).order_by("customer_id")
    accounts = list(rows.with_limits(on).select_related("customer__industry"))
    known = {account.currency for account in accounts} | {currency}
    known |= {account.customer.segment.limit_currency for account in accounts}
    rates = Rates.of(rates_on(on, known - {""}, known - {""}))
    for account in accounts:
        account.rates = rates
    return accounts
