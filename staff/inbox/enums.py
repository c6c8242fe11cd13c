"""Where a notice is delivered to, and how far that is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Ways out of the product; the inbox itself needs none."""

    MAIL = "mail", _("Mail")


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("pending")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not sent")
    DROPPED = "dropped", _("given up")


class Cause(models.TextChoices):
    """Why a delivery is not, or not yet, with its reader."""

    NONE = "", _("–")
    UNREACHABLE = "unreachable", _("server did not answer")
    DEFERRED = "deferred", _("server said later")
    REFUSED = "refused", _("server refused")
    UNKNOWN = "unknown", _("interrupted, may have arrived")
    NO_ADDRESS = "no_address", _("person has no address")
    INACTIVE = "inactive", _("account is closed")
    UNWANTED = "unwanted", _("not wanted by the person")
    BROKEN = "broken", _("could not be written, see the log")
