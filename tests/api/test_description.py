from collections import Counter

import pytest
from drf_spectacular.drainage import GENERATOR_STATS

from config.api_docs import description

pytestmark = pytest.mark.django_db


def test_description_is_made_without_a_doubt(capsys):
    GENERATOR_STATS.reset()
    found = description()
    assert not GENERATOR_STATS, capsys.readouterr().err
    operations = [one for path in found["paths"].values() for one in path.values()]
    names = Counter(one["operationId"] for one in operations)
    assert [name for name, times in names.items() if times > 1] == []
    assert [one["operationId"] for one in operations if not one.get("summary")] == []


def test_description_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        description()
