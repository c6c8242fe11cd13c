"""Endpoints, their secrets, the messages for them, and every try to send one."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from journal import actions
from journal.webhooks.enums import Cause, EndpointState, MessageState, Stop
from journal.webhooks.querysets import EndpointQuerySet, MessageQuerySet, SecretQuerySet


class WebhookEndpoint(models.Model):
    """An address that is told what happens. `topics` are actions of the journal, or "order.*".

    Paused, its messages are written and wait; switched off, none are written. `failures` counts the
    tries that failed since the last delivery, `failing_since` is when the first of them did, and
    `rest_until` spares an address that does not answer.
    """

    url = models.URLField(_("address"), max_length=500)
    description = models.CharField(_("what it is for"), max_length=200)
    topics = ArrayField(models.CharField(max_length=60), verbose_name=_("events"))
    state = models.CharField(
        _("state"), max_length=10, choices=EndpointState.choices, default=EndpointState.ON
    )
    stop = models.CharField(
        _("why not on"), max_length=10, choices=Stop.choices, default=Stop.NONE, blank=True
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"))
    delivered_at = models.DateTimeField(_("last delivery"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    rest_until = models.DateTimeField(_("spared until"), null=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        default_permissions = ("view",)
        permissions = [("manage_webhooks", _("Can manage webhooks"))]
        constraints = [
            models.CheckConstraint(
                name="webhook_stopped_for_a_reason",
                condition=Q(state=EndpointState.ON, stop=Stop.NONE)
                | ~Q(state=EndpointState.ON) & ~Q(stop=Stop.NONE),
            ),
            models.CheckConstraint(
                name="webhook_failing_since_its_failures",
                condition=Q(failures=0, failing_since__isnull=True)
                | Q(failures__gt=0, failing_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.description


class WebhookSecret(models.Model):
    """What a secret is derived from, see `journal.webhooks.signing`; the secret is not stored."""

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        verbose_name=_("webhook"),
        on_delete=models.CASCADE,
        related_name="secrets",
    )
    salt = models.CharField(_("salt"), max_length=64)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("signs until"), null=True)

    objects = SecretQuerySet.as_manager()

    class Meta:
        verbose_name = _("secret of a webhook")
        verbose_name_plural = _("secrets of webhooks")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"],
                condition=Q(expires_at__isnull=True),
                name="webhook_one_lasting_secret",
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.created_at:%Y-%m-%d}"


class WebhookMessage(models.Model):
    """One entry of the journal on its way to one endpoint.

    Written by a trigger in the transaction of the entry. `lane` is what keeps its order: the order
    that it concerns, or else its subject; a message leaves when nothing older of its lane is open.
    `tries` counts what was tried since it was written or sent again, `attempts` all there ever was.
    """

    key = models.UUIDField(_("webhook-id"), db_default=RandomUUID(), editable=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint,
        verbose_name=_("webhook"),
        on_delete=models.PROTECT,
        related_name="messages",
        db_index=False,  # every index below begins with it
    )
    entry = models.ForeignKey(
        "journal.Entry", verbose_name=_("journal entry"), on_delete=models.PROTECT, related_name="+"
    )
    topic = models.CharField(_("event"), max_length=60)
    lane = models.CharField(_("subject"), max_length=90)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=MessageState.choices,
        default=MessageState.WAITING,
    )
    cause = models.CharField(
        _("why not"), max_length=20, choices=Cause.choices, default=Cause.NONE, blank=True
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    tries = models.PositiveIntegerField(_("attempts of this round"), default=0)
    created_at = models.DateTimeField(_("written"), db_default=Now())
    next_at = models.DateTimeField(_("next attempt"), null=True)
    claimed_at = models.DateTimeField(_("being sent since"), null=True)
    ended_at = models.DateTimeField(_("delivered or given up"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook message")
        verbose_name_plural = _("webhook messages")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["entry", "endpoint"], name="webhook_told_once"),
            models.CheckConstraint(
                name="webhook_message_times",
                condition=Q(
                    state=MessageState.WAITING, next_at__isnull=False, ended_at__isnull=True
                )
                | Q(
                    state=MessageState.SENDING,
                    next_at__isnull=True,
                    claimed_at__isnull=False,
                    ended_at__isnull=True,
                )
                | Q(
                    state__in=(MessageState.DELIVERED, MessageState.DEAD),
                    next_at__isnull=True,
                    ended_at__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at", "id"],
                condition=Q(state=MessageState.WAITING),
                name="webhook_due",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=Q(state=MessageState.SENDING),
                name="webhook_claimed",
            ),
            models.Index(fields=["endpoint", "lane", "id"], name="webhook_lane"),
            models.Index(fields=["endpoint", "state", "id"], name="webhook_state"),
            models.Index(fields=["endpoint", "topic", "id"], name="webhook_topic"),
            models.Index(fields=["endpoint", "id"], name="webhook_log"),
            BrinIndex(fields=["created_at"], name="webhook_old"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.lane}"

    @property
    def webhook_id(self) -> str:
        """What the receiver knows it by, the same for every try."""
        return f"msg_{self.key.hex}"

    @property
    def may_replay(self) -> bool:
        """Whether it can be sent again as it stands."""
        ended = self.state in (MessageState.DELIVERED, MessageState.DEAD)
        return ended and self.endpoint.state != EndpointState.OFF

    @property
    def label(self) -> str:
        """What it tells, in the reader's language."""
        return actions.label(self.topic)


class WebhookAttempt(models.Model):
    """One try to send a message, kept whatever came of it. Without `ended_at` nobody knows."""

    message = models.ForeignKey(
        WebhookMessage,
        verbose_name=_("webhook message"),
        on_delete=models.CASCADE,
        related_name="tried",
    )
    number = models.PositiveIntegerField(_("attempt"))
    at = models.DateTimeField(_("when"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    cause = models.CharField(
        _("why not"), max_length=20, choices=Cause.choices, default=Cause.NONE, blank=True
    )
    status = models.PositiveSmallIntegerField(_("status of the answer"), null=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"), null=True)
    answer = models.TextField(_("beginning of the answer"), blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("attempt to send a webhook message")
        verbose_name_plural = _("attempts to send webhook messages")
        default_permissions = ("view",)
        ordering = ["message", "number"]
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="webhook_attempt_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.number}"
