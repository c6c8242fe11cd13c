"""One attached file. Its content lies in the private folder, under a name that says nothing."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.private_files import private_files


def random_name(_file: models.Model, _name: str) -> str:
    """The name somebody gave a file is kept in the database, never on disk."""
    name = uuid.uuid4().hex
    return f"attachments/{name[:2]}/{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of(self, subject: models.Model) -> "AttachmentQuerySet":
        """Everything that was ever attached to `subject`, the oldest first."""
        found = self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        return found.select_related("uploaded_by", "removed_by").order_by("uploaded_at", "pk")

    def standing(self) -> "AttachmentQuerySet":
        """Those that nobody removed."""
        return self.filter(removed_at__isnull=True)


class Attachment(models.Model):
    """A file with what it belongs to. Removing one marks it; row and content stay."""

    subject_type = models.CharField(_("kind of subject"), max_length=60)
    subject_id = models.BigIntegerField(_("subject"))
    name = models.CharField(_("file"), max_length=200)
    about = models.CharField(_("what it is"), max_length=200, blank=True)
    stored = models.FileField(storage=private_files, upload_to=random_name)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    content_type = models.CharField(_("kind of file"), max_length=100)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("attached by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("attached"))
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("removed by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    removed_at = models.DateTimeField(_("removed"), null=True)
    removed_because = models.TextField(_("why it was removed"), blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")
        default_permissions = ("add", "view")
        permissions = [("remove_attachment", _("Can remove files that others attached"))]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="attachment_by_subject")
        ]
        constraints = [
            models.UniqueConstraint(
                name="attachment_once_per_subject",
                fields=["subject_type", "subject_id", "sha256"],
                condition=Q(removed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="attachment_removed_by_somebody",
                condition=Q(removed_at=None, removed_by=None, removed_because="")
                | Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removed_because=""),
            ),
            models.CheckConstraint(name="attachment_not_empty", condition=Q(size__gt=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="content_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    exclude=["removed_by", "removed_at", "removed_because"]
                ),
            ),
            pgtrigger.Protect(
                name="removed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__removed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ending(self) -> str:
        """What comes after the last dot of the name, in small letters."""
        return self.name.rpartition(".")[2].lower()

    @property
    def facts(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        return {
            "name": self.name,
            "about": self.about,
            "size": self.size,
            "sha256": self.sha256,
            "type": self.content_type,
        }
