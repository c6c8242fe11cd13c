"""Writing to the journal, inside the transaction of the thing that happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from journal import actions
from journal.models import SAID, Entry
from staff.sentences import kept


def entry(
    *,
    action: str,
    subject: models.Model,
    by: AbstractBaseUser | None,
    at: datetime,
    order_id: int | None = None,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """An unsaved entry, for verbs that write several in one go with `Entry.objects.bulk_create`.

    `at` is when the thing happened (aware). `order_id` puts the entry on that order's timeline;
    left out, an entry about an order is on its own. A `reason` that the product gives as a sentence
    is kept as the source code has it, whoever acts, and beside it so that it can be read in any
    language. Raises KeyError for an undeclared action.
    """
    actions.guard(action)
    reason, said = kept(reason)
    subject_type = subject._meta.label_lower
    return Entry(
        at=at,
        by=by,  # type: ignore[misc]
        action=action,
        subject_type=subject_type,
        subject_id=subject.pk,
        order_id=subject.pk if subject_type == "orders.order" else order_id,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        data={**(data or {}), **({} if said is None else {SAID: said})},
    )


def record(**what: Any) -> Entry:
    """Append one entry; takes what `entry` takes."""
    made = entry(**what)
    made.save(force_insert=True)
    return made
