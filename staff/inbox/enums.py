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
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("dropped")


class Cause(models.TextChoices):
    """Why a delivery is not, or not yet, with its reader."""

    NONE = "", _("–")
    UNREACHABLE = "unreachable", _("The mail server could not be reached or did not answer.")
    DEFERRED = "deferred", _("The mail server asked to try again later.")
    REFUSED = "refused", _("The mail server refused the mail for good.")
    UNKNOWN = (
        "unknown",
        _("Sending was interrupted: the mail may have arrived, so it is not sent again by itself."),
    )
    NO_ADDRESS = "no_address", _("The person has no mail address.")
    INACTIVE = "inactive", _("The account of the person is closed.")
    UNWANTED = "unwanted", _("The person wants no mail of this kind.")
    BROKEN = "broken", _("The mail could not be written; the log says why.")
