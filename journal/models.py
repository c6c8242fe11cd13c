"""The append-only history of everything that happened, and who did it, when and why."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from journal import actions
from journal.attachments.models import Attachment
from journal.webhooks import outbox
from journal.webhooks.models import (
    WebhookAttempt,
    WebhookEndpoint,
    WebhookMessage,
    WebhookSecret,
)
from staff.sentences import again

__all__ = [
    "Attachment",
    "Entry",
    "EntryQuerySet",
    "WebhookAttempt",
    "WebhookEndpoint",
    "WebhookMessage",
    "WebhookSecret",
]

# The figure that says the reason apart from any language.
SAID = "said"


class EntryQuerySet(models.QuerySet["Entry"]):
    def for_order(self, order_id: int) -> "EntryQuerySet":
        """Everything that concerns the order, newest first."""
        return self.filter(order_id=order_id).select_related("by").order_by("-at", "-id")

    def about(self, subject: models.Model) -> "EntryQuerySet":
        """Everything that happened to `subject` itself, newest first."""
        return (
            self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
            .select_related("by")
            .order_by("-at", "-id")
        )


class Entry(models.Model):
    """One thing that happened. Rows are never changed or deleted: the database refuses it.

    `at` is when it happened, `recorded_at` when it became known here; an event entered later has
    an `at` in the past. `by` is empty where the system acted by itself.
    """

    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    action = models.CharField(_("what"), max_length=60)
    subject_type = models.CharField(_("kind of subject"), max_length=60)
    subject_id = models.BigIntegerField(_("subject"))
    order_id = models.BigIntegerField(_("order"), null=True)
    from_state = models.CharField(_("from state"), max_length=30, blank=True)
    to_state = models.CharField(_("to state"), max_length=30, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("figures"), default=dict, encoder=DjangoJSONEncoder)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["order_id", "at", "id"], name="journal_by_order"),
            models.Index(fields=["subject_type", "subject_id", "at"], name="journal_by_subject"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            outbox.TRIGGER,
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.subject_type} {self.subject_id}"

    @property
    def label(self) -> str:
        """What happened, in the reader's language."""
        return actions.label(self.action)

    @property
    def words(self) -> str:
        """The reason, in the reader's language where no person gave it."""
        return again(self.reason, self.data.get(SAID))

    def figure(self, name: str) -> Any:
        """One of the figures used, or None."""
        return self.data.get(name)
