"""What administrators do with webhooks, in the browser or by the API."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from journal.record import record
from journal.webhooks import addresses, signing
from journal.webhooks import topics as known_topics
from journal.webhooks.enums import EndpointState, MessageState, Stop, WebhookAction
from journal.webhooks.errors import WebhookError
from journal.webhooks.models import WebhookEndpoint, WebhookMessage, WebhookSecret
from journal.webhooks.policies import can_manage_webhooks
from journal.webhooks.querysets import MessageQuerySet
from staff.models import User

MOST_ENDPOINTS = 50  # each is asked about at every entry of the journal


@transaction.atomic
def create_endpoint(
    *, url: str, description: str, topics: Collection[str], by: User, at: datetime
) -> WebhookEndpoint:
    """A new endpoint, on, with its first secret.

    Raises PermissionDenied, or WebhookError for an address that may not be called, for no or
    unknown topics, or when there are too many endpoints.
    """
    _guard_policy(by)
    values = _checked(url, description, topics)
    if WebhookEndpoint.objects.exclude(state=EndpointState.OFF).count() >= MOST_ENDPOINTS:
        text = _("There are %(most)d webhooks already. Switch off one that is not needed.")
        raise WebhookError(text % {"most": MOST_ENDPOINTS})
    made = WebhookEndpoint.objects.create(**values, created_by=by, created_at=at)
    signing.new_secret(made, at=at)
    _journal(made, WebhookAction.CREATED, by, at, data={"before": {}, "after": values})
    return made


@transaction.atomic
def change_endpoint(
    *,
    endpoint_id: int,
    url: str,
    description: str,
    topics: Collection[str],
    by: User,
    at: datetime,
) -> WebhookEndpoint:
    """Change where an endpoint is and what it is told; what waits goes to the new address.

    Raises as `create_endpoint`, and WebhookEndpoint.DoesNotExist.
    """
    endpoint = _locked(endpoint_id, by)
    after = _checked(url, description, topics)
    before = {name: getattr(endpoint, name) for name in after}
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return endpoint
    for name in changed:
        setattr(endpoint, name, after[name])
    endpoint.save(update_fields=changed)
    told = {
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }
    _journal(endpoint, WebhookAction.CHANGED, by, at, data=told)
    return endpoint


@transaction.atomic
def rotate_secret(
    *, endpoint_id: int, by: User, at: datetime, keep_old: bool = True
) -> WebhookSecret:
    """A new secret. The old one signs beside it for `signing.OVERLAP`, unless `keep_old` is false.

    Raises PermissionDenied or WebhookEndpoint.DoesNotExist.
    """
    endpoint = _locked(endpoint_id, by)
    until = at + signing.OVERLAP if keep_old else at
    older = endpoint.secrets.all() if not keep_old else endpoint.secrets.filter(expires_at=None)
    older.update(expires_at=until)
    made = signing.new_secret(endpoint, at=at)
    _journal(endpoint, WebhookAction.ROTATED, by, at, data={"old_until": until})
    return made


@transaction.atomic
def pause(*, endpoint_id: int, by: User, at: datetime) -> WebhookEndpoint:
    """Let messages wait, none lost. Raises PermissionDenied, or WebhookError if it is not on."""
    endpoint = _locked(endpoint_id, by)
    if endpoint.state != EndpointState.ON:
        raise WebhookError(_("Only a webhook that is on can be paused."))
    return _moved(endpoint, EndpointState.PAUSED, Stop.BY_HAND, WebhookAction.PAUSED, by, at)


@transaction.atomic
def switch_off(*, endpoint_id: int, by: User, at: datetime) -> WebhookEndpoint:
    """End an endpoint: nothing is sent, and no messages are written for it any more.

    Its record stays. Raises PermissionDenied, or WebhookError if it is off.
    """
    endpoint = _locked(endpoint_id, by)
    if endpoint.state == EndpointState.OFF:
        raise WebhookError(_("This webhook is off already."))
    return _moved(endpoint, EndpointState.OFF, Stop.BY_HAND, WebhookAction.SWITCHED_OFF, by, at)


@transaction.atomic
def resume(*, endpoint_id: int, by: User, at: datetime) -> WebhookEndpoint:
    """Send what waits, retries counted anew, and what comes.

    Raises PermissionDenied, or WebhookError if it is on.
    """
    endpoint = _locked(endpoint_id, by)
    if endpoint.state == EndpointState.ON:
        raise WebhookError(_("This webhook is on already."))
    endpoint.failures, endpoint.failing_since, endpoint.rest_until = 0, None, None
    endpoint.save(update_fields=["failures", "failing_since", "rest_until"])
    endpoint.messages.filter(state=MessageState.WAITING).update(tries=0, next_at=at)
    transaction.on_commit(_send_soon, robust=True)
    return _moved(endpoint, EndpointState.ON, Stop.NONE, WebhookAction.RESUMED, by, at)


@transaction.atomic
def send_test(*, endpoint_id: int, by: User, at: datetime) -> WebhookMessage:
    """Write a test event for this endpoint, whatever its topics; it leaves as all others do.

    Raises PermissionDenied, or WebhookError if the endpoint is not on.
    """
    endpoint = _locked(endpoint_id, by)
    if endpoint.state != EndpointState.ON:
        raise WebhookError(_("Nothing is sent while the webhook is not on. Resume it first."))
    entry = _journal(endpoint, WebhookAction.TESTED, by, at)
    transaction.on_commit(_send_soon, robust=True)
    # Those that want events of webhooks have it from the trigger.
    message, _new = WebhookMessage.objects.get_or_create(
        endpoint=endpoint,
        entry=entry,
        defaults={
            "topic": entry.action,
            "lane": f"{entry.subject_type} {entry.subject_id}",
            "next_at": at,
        },
    )
    return message


@transaction.atomic
def replay(*, endpoint_id: int, message_ids: Collection[int], by: User, at: datetime) -> int:
    """Send these messages of an endpoint again, delivered or given up; how many.

    Those that wait or are being sent are left alone. Raises PermissionDenied, or WebhookError if
    the endpoint is off.
    """
    endpoint = _locked(endpoint_id, by)
    ended = (MessageState.DELIVERED, MessageState.DEAD)
    return _again(endpoint, endpoint.messages.filter(pk__in=message_ids, state__in=ended), by, at)


@transaction.atomic
def replay_dead(*, endpoint_id: int, since: datetime, by: User, at: datetime) -> int:
    """Send again all that was given up and had been written since `since`; how many.

    Raises as `replay`.
    """
    endpoint = _locked(endpoint_id, by)
    dead = endpoint.messages.filter(state=MessageState.DEAD, created_at__gte=since)
    return _again(endpoint, dead, by, at)


def _again(endpoint: WebhookEndpoint, chosen: MessageQuerySet, by: User, at: datetime) -> int:
    if endpoint.state == EndpointState.OFF:
        raise WebhookError(_("Nothing is sent while the webhook is off. Resume it first."))
    count = chosen.update(
        state=MessageState.WAITING, tries=0, next_at=at, claimed_at=None, ended_at=None
    )
    if count:
        _journal(endpoint, WebhookAction.REPLAYED, by, at, data={"messages": count})
        transaction.on_commit(_send_soon, robust=True)
    return count


def _guard_policy(by: User) -> None:
    if not can_manage_webhooks(by):
        raise PermissionDenied(_("You may not change webhooks."))


def _locked(endpoint_id: int, by: User) -> WebhookEndpoint:
    # Whoever writes entries meanwhile shares the key of the row, and need not wait.
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)
    _guard_policy(by)
    return endpoint


def _checked(url: str, description: str, chosen: Collection[str]) -> dict[str, Any]:
    """The values as they are stored. Raises WebhookError, in words."""
    url, description = url.strip(), description.strip()
    try:
        addresses.check(url)
    except addresses.AddressRefused as error:
        raise WebhookError(str(error), "url") from error
    if not description:
        raise WebhookError(_("Say what the webhook is for."), "description")
    if not chosen:
        raise WebhookError(_("Choose at least one event."), "topics")
    if unknown := known_topics.unknown(chosen):
        text = _("There are no such events: %(topics)s.")
        raise WebhookError(text % {"topics": ", ".join(sorted(unknown))}, "topics")
    return {"url": url, "description": description, "topics": known_topics.tidy(chosen)}


def _moved(
    endpoint: WebhookEndpoint,
    state: EndpointState,
    why: Stop,
    action: WebhookAction,
    by: User,
    at: datetime,
) -> WebhookEndpoint:
    before, endpoint.state, endpoint.stop = endpoint.state, state, why
    endpoint.save(update_fields=["state", "stop"])
    _journal(endpoint, action, by, at, from_state=before, to_state=state)
    return endpoint


def _journal(
    endpoint: WebhookEndpoint, action: WebhookAction, by: User, at: datetime, **more: Any
) -> Any:
    return record(action=action, subject=endpoint, by=by, at=at, **more)


def _send_soon() -> None:
    from journal.tasks import deliver_webhooks  # which sends, and so needs all of this

    # Should the broker be away, the next round of the clock sends them.
    deliver_webhooks.apply_async(expires=5, retry=False)
