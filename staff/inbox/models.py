"""Notices to people, their deliveries outside the product, and who wants none."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.inbox import kinds
from staff.inbox.enums import Cause, Channel, DeliveryState
from staff.inbox.querysets import DeliveryQuerySet, NoticeQuerySet


class Notice(models.Model):
    """One thing told to one person.

    Only what is told is kept (`data`); its sentences are made when somebody reads them, in their
    language. `key` says what it is about, so that telling the same twice tells it once.
    """

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recipient of the notice"),
        on_delete=models.PROTECT,
        related_name="notices",
    )
    kind = models.CharField(_("kind"), max_length=60)
    data = models.JSONField(_("what it tells"), default=dict, encoder=DjangoJSONEncoder)
    path = models.CharField(_("page"), max_length=500)
    key = models.CharField(_("key"), max_length=200)
    at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(_("read"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        default_permissions = ()  # nobody sees another's
        constraints = [
            models.UniqueConstraint(fields=["to", "key"], name="notice_told_once"),
            # Nothing but pages of this product: "//host" would lead elsewhere.
            models.CheckConstraint(
                name="notice_path_inside", condition=Q(path__regex=r"^/([^/\\]|$)")
            ),
        ]
        indexes = [
            models.Index(fields=["to", "-at", "-id"], name="notice_newest"),
            models.Index(
                fields=["to", "-at", "-id"],
                condition=Q(read_at__isnull=True),
                name="notice_unread_newest",
            ),
            models.Index(
                fields=["key"], condition=Q(read_at__isnull=True), name="notice_unread_by_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def label(self) -> str:
        """What kind of notice this is, in the active language."""
        return kinds.find(self.kind).name

    @property
    def icon(self) -> str:
        return kinds.find(self.kind).icon

    @property
    def subject(self) -> str:
        """What is told, in one line of the active language and time zone."""
        return kinds.find(self.kind).subject_of(self.data)

    @property
    def text(self) -> str:
        """What is told, in full, in the active language and time zone."""
        return kinds.find(self.kind).text_of(self.data)


class Delivery(models.Model):
    """A notice on its way out of the product: a row first, sent after the commit.

    `claimed_at` is when a worker began to send it; `since` the moment from which retries count.
    """

    notice = models.ForeignKey(
        Notice, verbose_name=_("notice"), on_delete=models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=DeliveryState.choices,
        default=DeliveryState.PENDING,
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    since = models.DateTimeField(_("since"))
    next_at = models.DateTimeField(_("next attempt"), null=True)
    claimed_at = models.DateTimeField(_("being sent since"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    cause = models.CharField(
        _("why not"), max_length=20, choices=Cause.choices, default=Cause.NONE, blank=True
    )
    last_error = models.TextField(_("what the server said"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail delivery")
        verbose_name_plural = _("mail deliveries")
        default_permissions = ("view",)
        permissions = [("resend_delivery", _("Can have a notice sent again"))]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_per_channel"),
            models.CheckConstraint(
                name="delivery_pending_has_time",
                condition=Q(state=DeliveryState.PENDING, next_at__isnull=False)
                | ~Q(state=DeliveryState.PENDING) & Q(next_at__isnull=True),
            ),
            models.CheckConstraint(
                name="delivery_sending_is_claimed",
                condition=~Q(state=DeliveryState.SENDING) | Q(claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_sent_has_moment",
                condition=Q(state=DeliveryState.SENT, sent_at__isnull=False)
                | ~Q(state=DeliveryState.SENT) & Q(sent_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(state=DeliveryState.PENDING),
                name="delivery_due",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=Q(state=DeliveryState.SENDING),
                name="delivery_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.notice_id}"


class Attempt(models.Model):
    """One try to send a delivery, kept whatever came of it. Without `ended_at` nobody knows."""

    delivery = models.ForeignKey(
        Delivery, verbose_name=_("mail delivery"), on_delete=models.CASCADE, related_name="tries"
    )
    number = models.PositiveIntegerField(_("attempt"))
    at = models.DateTimeField(_("when"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    cause = models.CharField(
        _("why not"), max_length=20, choices=Cause.choices, default=Cause.NONE, blank=True
    )
    error = models.TextField(_("what the server said"), blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        default_permissions = ("view",)
        ordering = ["delivery", "number"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.number}"


class Unwanted(models.Model):
    """A kind of notice that a person wants no mail about. Without a row they do."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="unwanted_mail",
    )
    kind = models.CharField(_("kind"), max_length=60)

    class Meta:
        verbose_name = _("unwanted mail")
        verbose_name_plural = _("unwanted mail")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="unwanted_once")]

    def __str__(self) -> str:
        return self.kind
