"""Attaching files and removing them; both are kept in the journal."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal.attachments import policies
from journal.attachments.content import recognise
from journal.attachments.enums import FileAction
from journal.attachments.errors import FileRefused
from journal.attachments.models import Attachment
from journal.attachments.subjects import kind_for
from journal.record import record
from staff.models import User

_LONGEST_NAME = 200


@transaction.atomic
def attach(
    *, subject: models.Model, file: File, by: User, at: datetime, about: str = ""
) -> Attachment:
    """Keep a copy of `file` with the subject; `about` says what it is.

    Raises PermissionDenied, or FileRefused for a file that is empty, too large, of a kind that is
    not taken or attached already, and when the subject has as many as it may.
    """
    _lock(subject)
    if not policies.can_attach(by, subject):
        raise PermissionDenied(_("You may not attach files here."))
    made = _described(subject, file, about, by, at)
    _guard_room(subject, made)
    with _kept_on_disk(made, file):
        made.save(force_insert=True)
        _tell(FileAction.ATTACHED, made, subject, by, at)
    return made


@transaction.atomic
def remove(*, attachment_id: int, reason: str, by: User, at: datetime) -> Attachment:
    """Take a file off its subject. It stays in the history, with who removed it and why.

    Raises PermissionDenied, or FileRefused without a reason and for a file removed already.
    """
    attachment = Attachment.objects.select_for_update(no_key=True).get(pk=attachment_id)
    kind = kind_for(attachment.subject_type)
    subject = kind.model._default_manager.get(pk=attachment.subject_id)
    if not (policies.can_remove(by, attachment) and policies.can_see(by, subject)):
        raise PermissionDenied(_("You may not remove this file."))
    if attachment.removed_at:
        raise FileRefused(_("This file is removed already."))
    if not reason.strip():
        raise FileRefused(_("Say why the file is removed; it is kept in the journal."))
    attachment.removed_by, attachment.removed_at = by, at
    attachment.removed_because = reason.strip()
    attachment.save(update_fields=["removed_by", "removed_at", "removed_because"])
    _tell(FileAction.REMOVED, attachment, subject, by, at, reason=attachment.removed_because)
    return attachment


def _lock(subject: models.Model) -> None:
    """So that two uploads count the files one after the other."""
    rows = type(subject)._default_manager.select_for_update(no_key=True, of=("self",))
    rows.get(pk=subject.pk)


def _described(subject: models.Model, file: File, about: str, by: User, at: datetime) -> Attachment:
    name, size = _clean(file.name or ""), file.size
    if not size:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name})
    if size > settings.ATTACHMENT_BYTES:
        most = filesizeformat(settings.ATTACHMENT_BYTES)
        raise FileRefused(
            _("“%(name)s” is larger than %(most)s. Make it smaller or split it.")
            % {"name": name, "most": most}
        )
    content: Any = file.file
    return Attachment(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        name=name,
        about=about.strip()[:_LONGEST_NAME],
        size=size,
        content_type=recognise(name, content),
        sha256=_fingerprint(file),
        uploaded_by=by,
        uploaded_at=at,
    )


def _guard_room(subject: models.Model, made: Attachment) -> None:
    there = Attachment.objects.of(subject).standing()
    if there.filter(sha256=made.sha256).exists():
        raise FileRefused(_("“%(name)s” is attached already.") % {"name": made.name})
    most = settings.ATTACHMENTS_EACH
    if there.count() >= most:
        raise FileRefused(
            ngettext(
                "There is %(most)d file already, which is as many as there may be.",
                "There are %(most)d files already, which is as many as there may be.",
                most,
            )
            % {"most": most}
        )


@contextmanager
def _kept_on_disk(made: Attachment, file: File) -> Iterator[None]:
    """The content is stored while the row is written; a row that fails leaves no content."""
    file.seek(0)
    made.stored.save(made.name, file, save=False)
    try:
        yield
    except BaseException:
        made.stored.delete(save=False)
        raise


def _tell(
    action: FileAction,
    attachment: Attachment,
    subject: models.Model,
    by: User,
    at: datetime,
    reason: str = "",
) -> None:
    record(
        action=action,
        subject=attachment,
        order_id=kind_for(attachment.subject_type).order_id(subject),
        by=by,
        at=at,
        reason=reason,
        data=attachment.facts,
    )


def _fingerprint(file: File) -> str:
    file.seek(0)
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    return found.hexdigest()


def _clean(name: str) -> str:
    """The name without folders and without what cannot be seen, shortened before its ending."""
    base = "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable()).strip()
    path = PurePath(base or "file")
    return path.stem[: _LONGEST_NAME - len(path.suffix)] + path.suffix
