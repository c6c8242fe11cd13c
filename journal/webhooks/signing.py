"""Secrets and signatures, as Standard Webhooks prescribes them.

A secret is derived from the installation's SECRET_KEY and a random salt, and is not stored: whoever
reads the database, or a copy of it, cannot sign. It is shown once, when it is made.
"""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook

from journal.webhooks.models import WebhookEndpoint, WebhookMessage, WebhookSecret

# How long the old secret goes on signing beside the new one, for receivers to change over.
OVERLAP = timedelta(hours=24)
_PURPOSE = "journal.webhooks.secret"


def new_secret(endpoint: WebhookEndpoint, *, at: datetime) -> WebhookSecret:
    """A new secret of the endpoint, stored by what it is derived from."""
    return WebhookSecret.objects.create(
        endpoint=endpoint, salt=secrets.token_urlsafe(32), created_at=at
    )


def words(secret: WebhookSecret) -> str:
    """The secret as its receiver needs it: "whsec_" and 32 bytes in Base64."""
    key = salted_hmac(_PURPOSE, secret.salt, algorithm="sha256").digest()
    return f"whsec_{base64.b64encode(key).decode()}"


def headers(
    message: WebhookMessage, body: str, signing: Iterable[WebhookSecret], *, at: datetime
) -> dict[str, str]:
    """What tells the receiver which message this is, when it left and that it is from here."""
    signed = [Webhook(words(each)).sign(message.webhook_id, at, body) for each in signing]
    return {
        "content-type": "application/json",
        "webhook-id": message.webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }
