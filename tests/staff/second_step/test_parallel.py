"""The same code twice at the same instant, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from staff.second_step.entering import enter_code
from tests.factories.second_step import code_of, turned_on
from tests.factories.staff import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(user, code, at, times=4):
    start = Barrier(times)

    def run(_number):
        try:
            start.wait()
            return enter_code(code=code, by=user, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(run, range(times)))


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_enter_code_at_the_same_instant_takes_it_once(kind):
    user, given = turned_on(person("sales"))
    at = timezone.now()
    code = code_of(user, at=at) if kind == "app" else given[0]
    assert at_once(user, code, at) == [False, False, False, True]
