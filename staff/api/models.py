"""Keys of integrations, the calls made with them, and the answers kept for repeated requests."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.api.enums import KeyState


class ApiKey(models.Model):
    """What an integration calls with. Of the secret only a hash is kept.

    `user` acts in everything that is done with the key; nobody can sign in as it. After a rotation
    the secret before stays good until `previous_until`.
    """

    name = models.CharField(_("name"), max_length=80)
    user = models.OneToOneField(
        "staff.ServiceUser",
        verbose_name=_("acts as"),
        on_delete=models.PROTECT,
        related_name="api_key",
    )
    key_id = models.CharField(_("key"), max_length=16, unique=True)
    secret_hash = models.CharField(_("hash of the secret"), max_length=64)
    previous_hash = models.CharField(_("hash of the secret before"), max_length=64, blank=True)
    previous_until = models.DateTimeField(_("secret before is good until"), null=True)
    scopes = ArrayField(models.CharField(max_length=20), verbose_name=_("may"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    last_used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        default_permissions = ("view",)
        permissions = [("manage_api_keys", _("Can create and revoke API keys"))]
        constraints = [
            models.CheckConstraint(name="api_key_has_scopes", condition=~Q(scopes=[])),
            models.CheckConstraint(
                name="api_key_previous_is_whole",
                condition=Q(previous_hash="", previous_until__isnull=True)
                | ~Q(previous_hash="") & Q(previous_until__isnull=False),
            ),
            models.CheckConstraint(
                name="api_key_expires_later",
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state_at(self, at: datetime) -> KeyState:
        """Whether the key opens anything at `at`."""
        if self.revoked_at:
            return KeyState.REVOKED
        if self.expires_at and self.expires_at <= at:
            return KeyState.EXPIRED
        return KeyState.ACTIVE


class ApiCall(models.Model):
    """One call made with a key: what was asked and how it was answered."""

    key = models.ForeignKey(
        ApiKey, verbose_name=_("API key"), on_delete=models.CASCADE, db_index=False
    )
    at = models.DateTimeField(_("when"))
    method = models.CharField(_("method"), max_length=7)
    path = models.CharField(_("address"), max_length=300)
    status = models.PositiveSmallIntegerField(_("answer"))
    milliseconds = models.PositiveIntegerField(_("time taken"))
    idempotency_key = models.CharField(_("idempotency key"), max_length=255, blank=True)
    replayed = models.BooleanField(_("repeated answer"), default=False)

    class Meta:
        verbose_name = _("API call")
        verbose_name_plural = _("API calls")
        default_permissions = ()
        indexes = [
            models.Index(fields=["key", "-at", "-id"], name="api_call_by_key"),
            models.Index(fields=["at"], name="api_call_by_date"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class KeptAnswer(models.Model):
    """The first answer to a request that carried an idempotency key, written along with its work.

    `request_hash` is of method, address and body, so that the key cannot be taken for something
    else.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    idempotency_key = models.CharField(_("idempotency key"), max_length=255)
    request_hash = models.CharField(_("hash of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("answer"))
    content_type = models.CharField(_("content type"), max_length=80)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.TextField(_("body"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="kept_answer_once_per_key", fields=["user", "idempotency_key"]
            )
        ]
        indexes = [models.Index(fields=["at"], name="kept_answer_by_date")]

    def __str__(self) -> str:
        return f"{self.idempotency_key} {self.status}"
