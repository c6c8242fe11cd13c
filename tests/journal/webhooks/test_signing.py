"""Signatures as a receiver checks them."""

import re
from pathlib import Path

import pytest
from django.utils import timezone

from journal.webhooks import lifecycle, payload, signing
from tests.factories import webhooks
from tests.factories.moments import HOUR

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"


@pytest.fixture
def is_genuine():
    """The check that the documentation tells receivers to make."""
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    names = {}
    exec(code, names)  # noqa: S102 - our own documentation
    return names["is_genuine"]


@pytest.fixture
def message():
    return webhooks.message(webhooks.endpoint())


def signed(message, at):
    body = payload.render(message.entry)
    valid = message.endpoint.secrets.signing(at)
    return signing.headers(message, body, valid, at=at), body.encode()


def test_documented_check_takes_what_is_signed_and_nothing_else(is_genuine, message):
    secret = signing.words(message.endpoint.secrets.get())
    headers, body = signed(message, timezone.now())
    assert is_genuine(secret, headers, body)
    assert not is_genuine(secret, headers, body + b" ")
    assert not is_genuine(secret, headers | {"webhook-id": "msg_other"}, body)
    assert not is_genuine("whsec_AAAA", headers, body)


def test_documented_check_refuses_what_is_old(is_genuine, message):
    secret = signing.words(message.endpoint.secrets.get())
    assert not is_genuine(secret, *signed(message, timezone.now() - HOUR))


def test_both_secrets_are_genuine_while_they_overlap(is_genuine, message):
    endpoint, at = message.endpoint, timezone.now()
    old = endpoint.secrets.get()
    new = lifecycle.rotate_secret(endpoint_id=endpoint.pk, by=endpoint.created_by, at=at)
    headers, body = signed(message, at)
    assert all(is_genuine(signing.words(each), headers, body) for each in (old, new))
    later, body = signed(message, at + signing.OVERLAP)
    assert len(later["webhook-signature"].split(" ")) == 1
