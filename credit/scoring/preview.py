"""What a draft would change, before it is published. Changes nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from credit.days import company_day
from credit.enums import RiskClass
from credit.models import CreditAccount, Scorecard
from credit.scoring.card import score
from credit.scoring.comparison import accounts_of
from credit.scoring.inputs import gather
from credit.scoring.recompute import AT_ONCE
from credit.scoring.whole import card_of


@dataclass(frozen=True)
class ClassCount:
    """How many customers are in a class now, and would be."""

    code: str
    label: str
    now: int
    then: int


@dataclass(frozen=True)
class Preview:
    """The classes, and how many customers would change theirs to a better or a worse one."""

    classes: list[ClassCount]
    better: int
    worse: int


def preview(scorecard: Scorecard, at: datetime) -> Preview:
    """Every customer scored on a card that is whole, as of `at`. Five queries per 1,000."""
    card, on = card_of(scorecard), company_day(at)
    now: Counter[str] = Counter()
    then: Counter[str] = Counter()
    moves: Counter[int] = Counter()
    ids = list(CreditAccount.objects.order_by("customer_id").values_list("customer_id", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        accounts = accounts_of(ids[start : start + AT_ONCE], on, scorecard.currency)
        inputs = gather(accounts, on, scorecard.currency, card.codes)
        for account in accounts:
            old = account.customer.risk_class
            new = score(card, inputs[account.customer_id]).risk_class
            now[old] += 1
            then[new] += 1
            if old:
                moves[(new > old) - (new < old)] += 1
    classes = [ClassCount(c, str(label), now[c], then[c]) for c, label in RiskClass.choices]
    return Preview(classes, better=moves[-1], worse=moves[1])
