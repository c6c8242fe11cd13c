import json

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection

from config import health, tasks

pytestmark = pytest.mark.django_db


def states(at=0.0):
    return {check.name: check.ok for check in health.checks(at)}


def test_checks_pass_when_everything_is_there():
    health.note_heartbeat(1_000.0)
    assert states(at=1_030.0) == {
        "database": True,
        "migrations": True,
        "cache": True,
        "worker": True,
    }


def test_worker_is_late_two_minutes_after_its_last_heartbeat():
    health.note_heartbeat(1_000.0)
    assert states(at=1_119.0)["worker"]
    assert not states(at=1_120.0)["worker"]


def test_heartbeat_task_shows_a_living_worker(client):
    cache.clear()
    assert json.loads(client.get("/ready/").content)["worker"] != "ok"
    tasks.heartbeat()
    assert json.loads(client.get("/ready/").content)["worker"] == "ok"


def test_ready_answers_503_without_a_database(client, monkeypatch):
    def fail():
        raise OperationalError("secret host name")

    monkeypatch.setattr(connection, "cursor", fail)
    answer = client.get("/ready/")
    assert answer.status_code == 503
    assert b"secret" not in answer.content


def test_ready_stays_in_service_without_a_worker(client):
    cache.clear()
    assert client.get("/ready/").status_code == 200
