"""Which messages may leave, and what is counted without counting everything."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from journal.webhooks.enums import EndpointState, MessageState

if TYPE_CHECKING:
    from journal.webhooks.models import (  # noqa: F401 - named in strings below
        WebhookEndpoint,
        WebhookMessage,
        WebhookSecret,
    )
    from staff.models import User

VIEW = "journal.view_webhookendpoint"


class EndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def for_user(self, user: "User") -> "EndpointQuerySet":
        """All of them, or none: an endpoint is nobody's own."""
        return self if user.has_perm(VIEW) else self.none()

    def with_due(self, at: datetime) -> "EndpointQuerySet":
        """Those that are on, rest no longer and have something to send; the healthy ones first."""
        rested = Q(rest_until__isnull=True) | Q(rest_until__lte=at)
        model = self.model._meta.get_field("messages").related_model
        due = model._default_manager.filter(  # type: ignore[union-attr]
            endpoint=OuterRef("pk"), state=MessageState.WAITING, next_at__lte=at
        )
        found = self.filter(rested, Exists(due), state=EndpointState.ON)
        return found.order_by("failures", "pk")


class SecretQuerySet(models.QuerySet["WebhookSecret"]):
    def signing(self, at: datetime) -> "SecretQuerySet":
        """Those that sign at `at`, the newest first."""
        valid = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
        return self.filter(valid).order_by("-created_at", "-pk")


class MessageQuerySet(models.QuerySet["WebhookMessage"]):
    def for_user(self, user: "User") -> "MessageQuerySet":
        return self if user.has_perm(VIEW) else self.none()

    def open(self) -> "MessageQuerySet":
        """What is neither delivered nor given up."""
        return self.filter(state__in=(MessageState.WAITING, MessageState.SENDING))

    def due(self, at: datetime) -> "MessageQuerySet":
        """What may leave by `at`, the longest waiting first: the first of its lane that is open."""
        older = self.model._default_manager.open().filter(
            endpoint=OuterRef("endpoint"), lane=OuterRef("lane"), pk__lt=OuterRef("pk")
        )
        waiting = self.filter(~Exists(older), state=MessageState.WAITING, next_at__lte=at)
        return waiting.order_by("next_at", "pk")

    def behind(self, message: "WebhookMessage") -> "MessageQuerySet":
        """What waits for `message` to be done with."""
        return self.filter(
            endpoint=message.endpoint_id,
            lane=message.lane,
            state=MessageState.WAITING,
            pk__gt=message.pk,
        )

    def interrupted(self, before: datetime) -> "MessageQuerySet":
        """What somebody began to send so long ago that they cannot be at it any more."""
        return self.filter(state=MessageState.SENDING, claimed_at__lt=before)

    def up_to(self, most: int) -> int:
        """How many there are, counted no further than `most`."""
        return self.order_by()[:most].count()
