"""No request leads to a mistake of ours, and no answer is one that the description keeps quiet."""

import logging

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.api import fuzzing
from tests.config.addresses import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def _one_connection():
    # A request would put away the connection of the test's transaction.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def test_api_answers_as_described_whoever_asks_whatever(settings):
    settings.API_CALLS_PER_MINUTE = 1_000_000
    world, actors = World(), fuzzing.Actors().add_everybody()
    operations = [found.ok() for found in fuzzing.description().get_all_operations()]
    assert len(operations) > 30
    found = [fuzzing.problems_of(operation, actors, world) for operation in operations]
    wrong = [problem for problems in found for problem in problems]
    assert not wrong, "\n\n".join(wrong)
