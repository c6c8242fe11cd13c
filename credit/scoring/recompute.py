"""Scoring everybody: on schedule, by command, and after a scorecard was published."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from credit.days import company_day
from credit.models import CreditAccount, CreditScore, Customer, Scorecard, ScoreStanding
from credit.scoring import comparison, policies
from credit.scoring.card import Score, score
from credit.scoring.enums import ScoreAction
from credit.scoring.inputs import gather
from credit.scoring.whole import card_of
from journal.models import Entry
from journal.record import entry
from staff.models import User

# Customers of one transaction: bounds the memory and the time that rows stay locked.
AT_ONCE = 1_000


@dataclass
class Recomputed:
    """How many customers were scored, how many scores were new, how many classes changed."""

    scored: int = 0
    written: int = 0
    changed: int = 0


def recompute(
    *, at: datetime, by: User | None = None, customers: Collection[int] | None = None
) -> Recomputed:
    """Score customers with a credit account as of `at`; all of them, or those with these ids.

    A row of history is written where points, class, recommendation, what is unknown or the card
    changed, and once a month. Nothing happens without a published scorecard, or for a customer with
    a later score. Raises PermissionDenied without the right.
    """
    if by is not None and not policies.can_publish(by):
        raise PermissionDenied(_("You may not have customers scored."))
    found = CreditAccount.objects.order_by("customer_id").values_list("customer_id", flat=True)
    ids = list(found if customers is None else found.filter(customer__in=customers))
    done = Recomputed()
    for start in range(0, len(ids), AT_ONCE):
        _recompute(ids[start : start + AT_ONCE], at, by, done)
    return done


@transaction.atomic
def _recompute(ids: Sequence[int], at: datetime, by: User | None, done: Recomputed) -> None:
    # Two runs, or a run and a publication, wait for each other here.
    scorecard = Scorecard.objects.published().select_for_update(no_key=True).first()
    if scorecard is None:
        return
    on, card, before = company_day(at), card_of(scorecard), _standings(ids, at)
    due = [pk for pk in ids if pk not in before.later]
    accounts = comparison.accounts_of(due, on, scorecard.currency)
    inputs = gather(accounts, on, scorecard.currency, card.codes)
    scores = {a.customer_id: score(card, inputs[a.customer_id]) for a in accounts}
    rows = {
        account.customer_id: _row(account, scorecard, scores[account.customer_id], at)
        for account in accounts
        if _differs(before.scores.get(account.customer_id), scorecard, scores, account, on)
    }
    CreditScore.objects.bulk_create(rows.values())
    latest = before.scores | rows
    comparison.save(
        [
            comparison.standing(account, latest[pk].pk, scores[pk].recommended_limit, at)
            for account in accounts
            for pk in [account.customer_id]
        ]
    )
    done.scored += len(accounts)
    done.written += len(rows)
    done.changed += _move_classes([a.customer for a in accounts], rows, at, by)


@dataclass
class _Before:
    """The latest scores by customer, and who has one from after the moment."""

    scores: dict[int, CreditScore]
    later: set[int]


def _standings(ids: Sequence[int], at: datetime) -> _Before:
    rows = ScoreStanding.objects.filter(customer__in=ids).select_related("score")
    scores = {row.customer_id: row.score for row in rows}
    return _Before(scores, {pk for pk, latest in scores.items() if latest.at > at})


def _differs(
    old: CreditScore | None,
    scorecard: Scorecard,
    scores: dict[int, Score],
    account: CreditAccount,
    on: date,
) -> bool:
    if old is None:
        return True
    new, then = scores[account.customer_id], company_day(old.at)
    return (
        old.scorecard_id,
        old.points,
        old.risk_class,
        old.recommended_limit,
        old.explanation["missing"],
        (then.year, then.month),
    ) != (
        scorecard.pk,
        new.points,
        new.risk_class,
        new.recommended_limit,
        list(new.missing),
        (on.year, on.month),
    )


def _row(account: CreditAccount, card: Scorecard, new: Score, at: datetime) -> CreditScore:
    return CreditScore(
        customer_id=account.customer_id,
        at=at,
        scorecard=card,
        points=new.points,
        risk_class=new.risk_class,
        recommended_limit=new.recommended_limit,
        currency=account.currency,
        explanation=new.as_json(),
    )


def _move_classes(
    customers: Sequence[Customer], rows: dict[int, CreditScore], at: datetime, by: User | None
) -> int:
    """Give the customers their new classes, journaled; how many there were."""
    moved = [c for c in customers if c.pk in rows and c.risk_class != rows[c.pk].risk_class]
    entries = [
        entry(
            action=ScoreAction.CLASS_CHANGED,
            subject=customer,
            by=by,
            at=at,
            data={
                "before": customer.risk_class,
                "after": rows[customer.pk].risk_class,
                "points": str(rows[customer.pk].points),
            },
        )
        for customer in moved
    ]
    for customer in moved:
        customer.risk_class = rows[customer.pk].risk_class
    Customer.objects.bulk_update(moved, ["risk_class"])
    Entry.objects.bulk_create(entries)
    return len(moved)
