"""States of endpoints and messages, and why a message is not with its receiver."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.actions import declare_actions


class EndpointState(models.TextChoices):
    """Whether messages are written for an endpoint, and sent."""

    ON = "on", _("on")
    PAUSED = "paused", _("paused")
    OFF = "off", _("off")


class Stop(models.TextChoices):
    """Why an endpoint is paused or off."""

    NONE = "", _("–")
    BY_HAND = "by_hand", _("by hand")
    FAILING = "failing", _("nothing arrived for a day")
    GONE = "gone", _("the receiver says it is gone for good")


class MessageState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("message of a webhook", "waiting")
    SENDING = "sending", _("sending")
    DELIVERED = "delivered", _("arrived")
    DEAD = "dead", _("given up")


class Cause(models.TextChoices):
    """What kept a try from being a delivery."""

    NONE = "", _("–")
    REFUSED = "refused", _("this address may not be called")
    UNKNOWN_HOST = "unknown_host", _("nobody knows the name of this server")
    UNREACHABLE = "unreachable", _("the server cannot be reached")
    TLS = "tls", _("the server's certificate or encryption is not valid")
    TIMEOUT = "timeout", _("the server did not answer in time")
    BROKEN_OFF = "broken_off", _("the connection broke off")
    REDIRECT = "redirect", _("the server sent elsewhere, which is not followed")
    STATUS = "status", _("the server answered with an error")
    GONE = "gone", _("the server says that this address is gone for good")
    INTERRUPTED = "interrupted", _("interrupted here, may have arrived")
    FAULT = "fault", _("could not be sent for a fault of this system, see the log")


@declare_actions
class WebhookAction(models.TextChoices):
    """What the journal says of endpoints."""

    CREATED = "webhook.created", _("Webhook created")
    CHANGED = "webhook.changed", _("Webhook changed")
    ROTATED = "webhook.secret_rotated", _("Secret of the webhook renewed")
    PAUSED = "webhook.paused", _("Webhook paused")
    RESUMED = "webhook.resumed", _("Webhook resumed")
    SWITCHED_OFF = "webhook.switched_off", _("Webhook switched off")
    REPLAYED = "webhook.replayed", _("Webhook messages sent again")
    TESTED = "webhook.tested", _("Test event sent")
