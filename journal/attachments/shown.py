"""The files of a subject as its page shows them to one person."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse

from journal.attachments import policies
from journal.attachments.content import ACCEPTED
from journal.attachments.models import Attachment
from journal.attachments.subjects import kind_for
from staff.models import User


@dataclass(frozen=True)
class Row:
    """A file, and what this person may do with it."""

    file: Attachment
    may_open: bool
    may_remove: bool


@dataclass(frozen=True)
class Files:
    """Everything for the card of the files. `url` takes uploads; empty for who may not attach."""

    standing: list[Row]
    removed: list[Row]
    url: str
    accepted: str = ACCEPTED


def files_of(user: User, subject: models.Model) -> Files:
    """The files of a subject whose page `user` has open, in one query."""
    kind, opens = kind_for(subject._meta.label_lower), policies.can_open_removed(user)
    rows = [
        Row(
            file,
            may_open=file.removed_at is None or opens,
            may_remove=file.removed_at is None and policies.can_remove(user, file),
        )
        for file in Attachment.objects.of(subject)
    ]
    may_attach = user.has_perm("journal.add_attachment")
    return Files(
        [row for row in rows if row.file.removed_at is None],
        [row for row in rows if row.file.removed_at],
        reverse("attachments:attach", args=[kind.code, subject.pk]) if may_attach else "",
    )
