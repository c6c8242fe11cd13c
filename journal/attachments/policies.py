"""Who may do what to the files of a subject."""

from django.db import models

from journal.attachments.models import Attachment
from journal.attachments.subjects import kind_for
from staff.models import User


def can_see(user: User, subject: models.Model) -> bool:
    """Whoever may open the page of the subject."""
    kind = kind_for(subject._meta.label_lower)
    return kind.seen_by(user).filter(pk=subject.pk).exists()


def can_attach(user: User, subject: models.Model) -> bool:
    """Everybody who works with it; those who only look may not."""
    return user.has_perm("journal.add_attachment") and can_see(user, subject)


def can_remove(user: User, attachment: Attachment) -> bool:
    """Whoever attached it, and those who may remove the files of others."""
    own = attachment.uploaded_by_id == user.pk and user.has_perm("journal.add_attachment")
    return own or user.has_perm("journal.remove_attachment")


def can_open_removed(user: User) -> bool:
    """Those who may read the journal."""
    return user.has_perm("journal.view_entry")
