"""Every write verb of a scorecard. Scores are written by credit.scoring.recompute."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from credit.errors import CreditError
from credit.models import Scorecard, ScorecardBand, ScorecardClass, ScorecardFactor
from credit.scoring import policies
from credit.scoring.enums import ScoreAction, ScorecardState
from credit.scoring.whole import problems
from journal.record import record
from staff.models import User

_PARTS: tuple[Any, ...] = (ScorecardFactor, ScorecardBand, ScorecardClass)


class ScorecardError(CreditError):
    """The scorecard cannot be changed like this; the message says what to do."""


@transaction.atomic
def draft_from(*, scorecard_id: int, by: User, at: datetime) -> Scorecard:
    """Copy a scorecard into a new draft, which can be changed and published.

    Raises PermissionDenied without the right.
    """
    # The lock also keeps two drafts from getting the same number.
    source = lock(scorecard_id)
    if not policies.can_change(by):
        raise PermissionDenied(_("You may not change scorecards."))
    highest = Scorecard.objects.aggregate(highest=Max("number"))["highest"]
    made = Scorecard.objects.create(number=highest + 1, created_at=at, created_by=by)
    for part in _PARTS:
        copies = list(part.objects.filter(scorecard=source))
        for copy in copies:
            copy.pk, copy.scorecard = None, made
        part.objects.bulk_create(copies)
    record(
        action=ScoreAction.CARD_DRAFTED,
        subject=made,
        by=by,
        at=at,
        data={"version": made.number, "from": source.number},
    )
    return made


@transaction.atomic
def publish(*, scorecard_id: int, by: User, at: datetime) -> Scorecard:
    """Put a draft in force in place of the present scorecard; all customers are scored anew.

    Raises PermissionDenied, or ScorecardError when it is no draft, is not whole, or does not say
    what it is for.
    """
    card = lock(scorecard_id)
    if not policies.can_publish(by):
        raise PermissionDenied(_("You may not publish scorecards."))
    _guard(card)
    for old in Scorecard.objects.published():
        _retire(old, by, at)
    card.state, card.published_at, card.published_by = ScorecardState.PUBLISHED, at, by
    card.save(update_fields=["state", "published_at", "published_by"])
    record(
        action=ScoreAction.CARD_PUBLISHED,
        subject=card,
        by=by,
        at=at,
        from_state=ScorecardState.DRAFT,
        to_state=card.state,
        reason=card.note,
        data={"version": card.number},
    )
    transaction.on_commit(_score_everybody)
    return card


def _retire(card: Scorecard, by: User, at: datetime) -> None:
    card.state = ScorecardState.RETIRED
    card.save(update_fields=["state"])
    record(
        action=ScoreAction.CARD_RETIRED,
        subject=card,
        by=by,
        at=at,
        from_state=ScorecardState.PUBLISHED,
        to_state=card.state,
        data={"version": card.number},
    )


def _guard(card: Scorecard) -> None:
    if not card.is_draft:
        raise ScorecardError(_("Only a draft can be published; make a new one from this card."))
    if not card.note.strip():
        raise ScorecardError(_("Write what the scorecard is for before it is published."))
    if found := problems(card):
        raise ScorecardError(" ".join(found))


def lock(scorecard_id: int) -> Scorecard:
    """The scorecard, locked together with all others until the transaction ends."""
    # All cards in one order, so that a publication waits for scoring on the old card to end.
    rows = Scorecard.objects.select_for_update(no_key=True).order_by("pk")
    return next(card for card in rows if card.pk == scorecard_id)


def _score_everybody() -> None:
    from credit.tasks import recompute_scores

    recompute_scores.delay()
