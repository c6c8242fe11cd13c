"""A policy version on its way from an idea to the rule in force, and out of it again."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit.content import Content, clean_content
from credit.enums import CreditAction, VersionState
from credit.errors import CreditError
from credit.models import Policy, PolicyVersion
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def draft_version(
    *, policy_id: int, content: Content, note: str, by: User, at: datetime
) -> PolicyVersion:
    """Write a new version as a draft, which decides nothing yet.

    Raises PermissionDenied, CreditError while another draft waits, or ValidationError that names
    the faulty part of the content.
    """
    policy = _lock(policy_id)
    _may_change(by)
    content = clean_content(content)
    if policy.versions.filter(state=VersionState.DRAFT).exists():
        raise CreditError(_("There is a draft of this policy already. Change or discard that one."))
    latest = policy.versions.order_by("-number").values_list("number", flat=True).first()
    made = PolicyVersion.objects.create(
        policy=policy,
        number=(latest or 0) + 1,
        content=content,
        note=note.strip(),
        author=by,
        created_at=at,
    )
    _journal(made, CreditAction.POLICY_DRAFTED, "", by, at)
    return made


@transaction.atomic
def edit_draft(
    *, version_id: int, content: Content, note: str, by: User, at: datetime
) -> PolicyVersion:
    """Replace the content of a draft; its author is whoever wrote it last.

    Raises PermissionDenied, CreditError for anything but a draft, or ValidationError.
    """
    version = _lock_version(version_id)
    _may_change(by)
    content = clean_content(content)
    if version.state != VersionState.DRAFT:
        raise CreditError(_("Only a draft can be changed. Write a new version."))
    version.content, version.note, version.author = content, note.strip(), by
    version.save(update_fields=["content", "note", "author"])
    _journal(version, CreditAction.POLICY_DRAFTED, version.state, by, at)
    return version


@transaction.atomic
def discard_draft(*, version_id: int, by: User, at: datetime) -> None:
    """Throw a draft away. Raises PermissionDenied, or CreditError for anything but a draft."""
    version = _lock_version(version_id)
    _may_change(by)
    if version.state != VersionState.DRAFT:
        raise CreditError(_("Only a draft can be discarded."))
    record(
        action=CreditAction.POLICY_RETIRED,
        subject=version.policy,
        by=by,
        at=at,
        from_state=version.state,
        data={"version": version.number},
    )
    version.delete()


@transaction.atomic
def shadow(*, version_id: int, by: User, at: datetime) -> PolicyVersion:
    """Let a draft judge every order beside the version in force, without any effect.

    A version that was in the shadow before is retired. Raises PermissionDenied or CreditError.
    """
    version = _lock_version(version_id)
    _may_publish(by)
    if version.state != VersionState.DRAFT:
        raise CreditError(_("Only a draft can be put in the shadow."))
    _guard_note(version)
    _retire(version.policy, VersionState.SHADOW, at)
    return _move(version, VersionState.SHADOW, CreditAction.POLICY_SHADOWED, by, at)


@transaction.atomic
def publish(*, version_id: int, by: User, at: datetime) -> PolicyVersion:
    """Put a version in force; the one before it is retired.

    Raises PermissionDenied, or CreditError for a version that is in force or retired, and for one
    that does not say why it was written.
    """
    version = _lock_version(version_id)
    _may_publish(by)
    if version.state not in (VersionState.DRAFT, VersionState.SHADOW):
        raise CreditError(_("Only a draft or a version in the shadow can be published."))
    _guard_note(version)
    _retire(version.policy, VersionState.PUBLISHED, at)
    version.published_at, version.published_by = at, by
    return _move(version, VersionState.PUBLISHED, CreditAction.POLICY_PUBLISHED, by, at)


@transaction.atomic
def retire(*, version_id: int, by: User, at: datetime) -> PolicyVersion:
    """Take a version out of force or out of the shadow; a wider policy then governs.

    Raises PermissionDenied, or CreditError for the policy of all customers, which has to stay.
    """
    version = _lock_version(version_id)
    _may_publish(by)
    if version.state not in (VersionState.PUBLISHED, VersionState.SHADOW):
        raise CreditError(_("Only a version in force or in the shadow can be retired."))
    if version.state == VersionState.PUBLISHED and version.policy.scope == "all":
        raise CreditError(
            _("The policy for all customers stays in force. Publish another version.")
        )
    version.retired_at = at
    return _move(version, VersionState.RETIRED, CreditAction.POLICY_RETIRED, by, at)


def _lock(policy_id: int) -> Policy:
    return Policy.objects.select_for_update(no_key=True).get(pk=policy_id)


def _lock_version(version_id: int) -> PolicyVersion:
    policy = _lock(PolicyVersion.objects.values_list("policy_id", flat=True).get(pk=version_id))
    version = PolicyVersion.objects.get(pk=version_id)
    version.policy = policy
    return version


def _retire(policy: Policy, state: str, at: datetime) -> None:
    policy.versions.filter(state=state).update(state=VersionState.RETIRED, retired_at=at)


def _move(
    version: PolicyVersion, state: VersionState, action: CreditAction, by: User, at: datetime
) -> PolicyVersion:
    was, version.state = version.state, state
    version.save(update_fields=["state", "published_at", "published_by", "retired_at"])
    _journal(version, action, was, by, at)
    return version


def _journal(
    version: PolicyVersion, action: CreditAction, was: str, by: User, at: datetime
) -> None:
    record(
        action=action,
        subject=version,
        by=by,
        at=at,
        from_state=was,
        to_state=version.state,
        reason=version.note,
        data={"policy": version.policy.code, "version": version.number},
    )


def _may_change(by: User) -> None:
    if not by.has_perm("credit.change_policy"):
        raise PermissionDenied(_("You may not change credit policies."))


def _may_publish(by: User) -> None:
    if not by.has_perm("credit.publish_policy"):
        raise PermissionDenied(_("You may not publish credit policies."))


def _guard_note(version: PolicyVersion) -> None:
    if not version.note.strip():
        raise CreditError(_("Write in the version why the policy changes, then publish it."))
