"""What administrators are told of webhooks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.webhooks.enums import EndpointState
from journal.webhooks.models import WebhookEndpoint
from staff.inbox import declare, notify
from staff.models import User
from staff.roles import Role

_PAUSED, _GONE, _GIVEN_UP = "webhook.paused", "webhook.gone", "webhook.given_up"


def stopped(endpoint: WebhookEndpoint, at: datetime) -> None:
    """Tell administrators that an endpoint was paused, or switched off, by itself."""
    kind = _GONE if endpoint.state == EndpointState.OFF else _PAUSED
    _tell(endpoint, kind, at.isoformat(), at)


def given_up(endpoint: WebhookEndpoint, at: datetime) -> None:
    """Tell administrators that a message did not arrive; once a day for each endpoint."""
    _tell(endpoint, _GIVEN_UP, at.date().isoformat(), at)


def _tell(endpoint: WebhookEndpoint, kind: str, which: str, at: datetime) -> None:
    people = User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR)
    notify(
        to=people.values_list("pk", flat=True),
        kind=kind,
        data={"webhook": endpoint.description, "url": endpoint.url},
        path=reverse("webhooks:detail", args=[endpoint.pk]),
        key=f"{kind}:{endpoint.pk}:{which}",
        at=at,
    )


def _paused_subject(data: Mapping[str, Any]) -> str:
    return _("Webhook paused: %(webhook)s") % data


def _paused_text(data: Mapping[str, Any]) -> str:
    return (
        _(
            "%(url)s took nothing for 24 hours. Messages go on waiting, in their order."
            " Resume the webhook when its receiver works again."
        )
        % data
    )


def _gone_subject(data: Mapping[str, Any]) -> str:
    return _("Webhook switched off: %(webhook)s") % data


def _gone_text(data: Mapping[str, Any]) -> str:
    return (
        _(
            "%(url)s answered that it is gone for good (410). No messages are written for it any"
            " more. Ask whoever runs the receiver, and enter its new address."
        )
        % data
    )


def _given_up_subject(data: Mapping[str, Any]) -> str:
    return _("Messages of a webhook were given up: %(webhook)s") % data


def _given_up_text(data: Mapping[str, Any]) -> str:
    return (
        _(
            "%(url)s did not take a message at eleven tries over 24 hours. See what it answered,"
            " and send the messages again once it is mended."
        )
        % data
    )


declare(
    _PAUSED,
    label=gettext_lazy("Webhook paused"),
    subject=_paused_subject,
    text=_paused_text,
    icon="player-pause",
    needs="journal.manage_webhooks",
)
declare(
    _GONE,
    label=gettext_lazy("Webhook switched off"),
    subject=_gone_subject,
    text=_gone_text,
    icon="alert-triangle",
    needs="journal.manage_webhooks",
)
declare(
    _GIVEN_UP,
    label=gettext_lazy("Message of a webhook given up"),
    subject=_given_up_subject,
    text=_given_up_text,
    icon="alert-triangle",
    needs="journal.manage_webhooks",
)
