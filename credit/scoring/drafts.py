"""Drafts of scorecards: rewritten as a whole, or thrown away."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from credit.models import Scorecard, ScorecardBand, ScorecardClass, ScorecardFactor
from credit.scoring import policies
from credit.scoring.enums import ScoreAction, ScorecardState
from credit.scoring.lifecycle import ScorecardError, lock
from journal.changes import change
from journal.record import record
from staff.models import User

Rows = Sequence[Mapping[str, Any]]
# Each kind of row, and the fields by which one is the same as before.
_PARTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "factors": (ScorecardFactor, ("code",)),
    "bands": (ScorecardBand, ("factor", "start", "value")),
    "classes": (ScorecardClass, ("code",)),
}


@transaction.atomic
def edit_draft(
    *,
    scorecard_id: int,
    values: Mapping[str, Any],
    rows: Mapping[str, Rows],
    by: User,
    at: datetime,
) -> Scorecard:
    """Give a draft these `values` ("note", "currency") and exactly these rows.

    `rows` are "factors", "bands" and "classes", each row by its fields; those that are as they were
    are not written again. Raises PermissionDenied, ScorecardError for anything but a draft, or
    ValidationError that names the faulty field or row, "bands.3".
    """
    card = lock(scorecard_id)
    if not policies.can_change(by):
        raise PermissionDenied(_("You may not change scorecards."))
    if not card.is_draft:
        raise ScorecardError(_("Only a draft can be changed; make a new one from this card."))
    data: dict[str, Any] = change(card, values)
    if data["after"]:
        card.full_clean()
        card.save(update_fields=data["after"].keys())
    saved: list[str] = []
    deleted: list[str] = []
    for name, given in rows.items():
        _write(card, name, given, saved, deleted)
    if data["after"] or saved or deleted:
        data |= {"saved": saved, "deleted": deleted}
        record(action=ScoreAction.CARD_CHANGED, subject=card, by=by, at=at, data=data)
    return card


@transaction.atomic
def discard_draft(*, scorecard_id: int, by: User, at: datetime) -> None:
    """Throw a draft away. Raises PermissionDenied, or ScorecardError for anything but a draft."""
    card = lock(scorecard_id)
    if not policies.can_discard(by):
        raise PermissionDenied(_("You may not throw scorecards away."))
    if not card.is_draft:
        raise ScorecardError(_("Only a draft can be thrown away."))
    record(
        action=ScoreAction.CARD_DISCARDED,
        subject=card,
        by=by,
        at=at,
        from_state=ScorecardState.DRAFT,
        reason=card.note,
        data={"version": card.number},
    )
    card.delete()


def _write(card: Scorecard, name: str, given: Rows, saved: list[str], deleted: list[str]) -> None:
    part, key = _PARTS[name]
    before = {_key(row.__dict__, key): row for row in part.objects.filter(scorecard=card)}
    gone = before.keys() - {_key(values, key) for values in given}
    for each in gone:
        deleted.append(str(before[each]))
        before.pop(each).delete()
    errors: dict[str, list[str]] = {}
    for number, values in enumerate(given):
        # A row that is named twice is a new one the second time, which its constraint refuses.
        row = before.pop(_key(values, key), None) or part(scorecard=card)
        if not change(row, values)["after"] and row.pk:
            continue
        try:
            row.full_clean()
        except ValidationError as error:
            errors[f"{name}.{number}"] = error.messages
        else:
            row.save()
            saved.append(str(row))
    if errors:
        raise ValidationError(errors)


def _key(values: Mapping[str, Any], key: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(values.get(name) for name in key)
