import pytest

from journal import tasks
from tests.journal.webhooks.receiver import Receiver, running


@pytest.fixture(autouse=True)
def own_machine(settings):
    """This machine is inside, and tests call it."""
    settings.WEBHOOK_INSIDE, settings.WEBHOOK_HTTP = ["127.0.0.0/8"], True


@pytest.fixture(autouse=True)
def kicks(monkeypatch):
    """How often the worker was asked to send soon; here nobody listens to the broker."""
    calls = []
    monkeypatch.setattr(tasks.deliver_webhooks, "apply_async", lambda **said: calls.append(said))
    return calls


@pytest.fixture
def receiver():
    with running(Receiver()) as server:
        yield server
