from datetime import datetime, timedelta

import pytest
from django.db import connection

from rules.compiler import compile_condition, matches
from rules.conditions import ConditionError
from tests.rules.parcels import PAID_NOT_SHIPPED, PARCEL, Parcel, leaf, paid

HOUR = timedelta(hours=1)


def test_matches_means_the_same_at_a_past_moment(parcels, at):
    late = parcels.create(paid_at=at - 30 * HOUR, shipped_at=at - 2 * HOUR)
    parcels.create(paid_at=at - 24 * HOUR)
    assert list(matches(PAID_NOT_SHIPPED, PARCEL, at)) == []
    assert list(matches(PAID_NOT_SHIPPED, PARCEL, at - 3 * HOUR)) == [late]


def test_matches_stays_within_the_scope(parcels, at):
    parcels.create(held=True)
    bounded = type(PARCEL)(
        name="none", label="none", model=Parcel, scope=lambda at: Parcel.objects.none(),
        facts=PARCEL.facts,
    )  # fmt: skip
    assert not matches(leaf("held", "is", True), bounded, at).exists()


def test_compile_compares_the_bare_column(parcels, at):
    sql = str(parcels.filter(compile_condition(PAID_NOT_SHIPPED, PARCEL, at).holds).query)
    condition = sql.split(" WHERE ")[1].replace('"parcels_parcel".', "").replace('"', "")
    assert condition == (
        "(paid_at < 2026-02-28 12:00:00+00:00 AND "
        "(shipped_at IS NULL OR shipped_at > 2026-03-01 12:00:00+00:00))"
    )


@pytest.mark.parametrize("condition", [PAID_NOT_SHIPPED, {"not": paid("at_most", "24")}])
def test_compile_lets_an_index_serve(parcels, at, condition):
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX by_payment ON parcels_parcel (paid_at)")
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = matches(condition, PARCEL, at).explain()
    assert "by_payment" in plan
    assert "Index Cond" in plan


def test_compile_refuses_a_moment_without_a_time_zone(at):
    with pytest.raises(ValueError, match="time zone"):
        compile_condition(PAID_NOT_SHIPPED, PARCEL, datetime(2026, 3, 1))  # noqa: DTZ001


def test_compile_refuses_an_invalid_condition(at):
    with pytest.raises(ConditionError):
        compile_condition({"sql": "1 = 1"}, PARCEL, at)


def test_matches_takes_words_literally(parcels, word_list, at):
    condition = leaf("address", "contains_any_of", {"word_list": "islands"})
    texts = {
        "100%",
        "1000",
        "a_b",
        "aXb",
        "C\\D",
        "ISLE of Wight",
        "南沙海岛",
        "南沙海島",
        "ＡＢ１",
    }
    for text in texts:
        parcels.create(address=text)
    found = matches(condition, PARCEL, at).values_list("address", flat=True)
    assert texts - set(found) == {"1000", "aXb", "南沙海島"}


def test_matches_finds_nothing_with_an_empty_list(parcels, word_list, at):
    word_list.words.all().delete()
    parcels.create(address="Isle"), parcels.create(address=None)
    condition = leaf("address", "contains_any_of", {"word_list": "islands"})
    assert not matches(condition, PARCEL, at).exists()
    compiled = compile_condition(condition, PARCEL, at)
    assert parcels.get(compiled.missing).address is None


def test_compile_reads_nothing_but_the_list(word_list, at, django_assert_num_queries):
    condition = leaf("address", "contains_any_of", {"word_list": "islands"})
    with django_assert_num_queries(1):
        compile_condition(condition, PARCEL, at)
    with django_assert_num_queries(0):
        compile_condition(PAID_NOT_SHIPPED, PARCEL, at)
