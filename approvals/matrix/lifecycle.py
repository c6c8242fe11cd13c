"""A version of the matrix on its way from an idea to the matrix in force."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from approvals.matrix.analysis import analyse
from approvals.matrix.content import clean
from approvals.matrix.enums import MatrixAction, MatrixState
from approvals.matrix.errors import MatrixError
from approvals.matrix.models import MatrixVersion
from approvals.matrix.people import deciders
from approvals.matrix.routing import Content
from journal.record import record
from staff.models import User


@transaction.atomic
def draft_version(*, content: Content, note: str, by: User, at: datetime) -> MatrixVersion:
    """Write a new version as a draft, which routes nothing yet.

    Raises PermissionDenied, MatrixError while another draft waits, or ValidationError that names
    the faulty part of the content.
    """
    _lock()
    _may_change(by)
    content = clean(content)
    if MatrixVersion.objects.filter(state=MatrixState.DRAFT).exists():
        raise MatrixError(_("There is a draft of the matrix already. Change or discard that one."))
    latest = MatrixVersion.objects.order_by("-number").values_list("number", flat=True).first()
    made = MatrixVersion.objects.create(
        number=(latest or 0) + 1, content=content, note=note.strip(), author=by, created_at=at
    )
    _journal(made, MatrixAction.DRAFTED, "", by, at)
    return made


@transaction.atomic
def edit_draft(
    *, version_id: int, content: Content, note: str, by: User, at: datetime
) -> MatrixVersion:
    """Replace the content of a draft; its author is whoever wrote it last.

    Raises PermissionDenied, MatrixError for anything but a draft, or ValidationError.
    """
    version = _lock_version(version_id)
    _may_change(by)
    content = clean(content)
    if version.state != MatrixState.DRAFT:
        raise MatrixError(_("Only a draft can be changed. Write a new version."))
    version.content, version.note, version.author = content, note.strip(), by
    version.save(update_fields=["content", "note", "author"])
    _journal(version, MatrixAction.DRAFTED, version.state, by, at)
    return version


@transaction.atomic
def discard_draft(*, version_id: int, by: User, at: datetime) -> None:
    """Throw a draft away. Raises PermissionDenied, or MatrixError for anything but a draft."""
    version = _lock_version(version_id)
    _may_change(by)
    if version.state != MatrixState.DRAFT:
        raise MatrixError(_("Only a draft can be discarded."))
    _journal(version, MatrixAction.DISCARDED, version.state, by, at)
    version.delete()


@transaction.atomic
def publish(
    *, version_id: int, by: User, at: datetime, overlaps_seen: bool = False
) -> MatrixVersion:
    """Put a draft in force; the version before it is retired. Requests under way keep theirs.

    Raises PermissionDenied, or MatrixError for anything but a draft, for one that does not say why
    it was written, for one that leaves a case, a row or a seat without anybody, and for one with
    overlaps that were not seen.
    """
    version = _lock_version(version_id)
    _may_publish(by)
    if version.state != MatrixState.DRAFT:
        raise MatrixError(_("Only a draft can be published."))
    if not version.note.strip():
        raise MatrixError(_("Write in the version why the matrix changes, then publish it."))
    overlaps = _guard_findings(version, overlaps_seen)
    for old in MatrixVersion.objects.published():
        old.state, old.retired_at = MatrixState.RETIRED, at
        old.save(update_fields=["state", "retired_at"])
        _journal(old, MatrixAction.RETIRED, MatrixState.PUBLISHED, by, at)
    version.state = MatrixState.PUBLISHED
    version.published_at, version.published_by = at, by
    version.save(update_fields=["state", "published_at", "published_by"])
    _journal(version, MatrixAction.PUBLISHED, MatrixState.DRAFT, by, at, overlaps=overlaps)
    return version


def _guard_findings(version: MatrixVersion, overlaps_seen: bool) -> int:
    """How many overlaps the version has, if nothing keeps it from being published."""
    found = analyse(version.content, deciders())
    if found.gaps:
        raise MatrixError(_("Some cases fit no row. Add rows for them, then publish."))
    if found.unreachable:
        raise MatrixError(_("Some rows never decide. Move or remove them, then publish."))
    if found.empty_seats:
        raise MatrixError(_("Nobody can fill some seats. Choose others, then publish."))
    if found.overlaps and not overlaps_seen:
        raise MatrixError(_("Some cases fit several rows. Say that you have seen this."))
    return len(found.overlaps)


def _lock() -> None:
    """Whoever changes the matrix waits for the others at its first version, which always stays."""
    list(MatrixVersion.objects.select_for_update(no_key=True).order_by("number")[:1])


def _lock_version(version_id: int) -> MatrixVersion:
    _lock()
    return MatrixVersion.objects.get(pk=version_id)


def _journal(
    version: MatrixVersion,
    action: MatrixAction,
    was: str,
    by: User,
    at: datetime,
    **data: int,
) -> None:
    gone = action == MatrixAction.DISCARDED
    record(
        action=action,
        subject=version,
        by=by,
        at=at,
        from_state=was,
        to_state="" if gone else version.state,
        reason=version.note,
        data={"version": version.number} | data,
    )


def _may_change(by: User) -> None:
    if not by.has_perm("approvals.change_matrix"):
        raise PermissionDenied(_("You may not change the approval matrix."))


def _may_publish(by: User) -> None:
    if not by.has_perm("approvals.publish_matrix"):
        raise PermissionDenied(_("You may not publish the approval matrix."))
