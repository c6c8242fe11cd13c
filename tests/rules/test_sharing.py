"""A query that asks for the same figure again and again, and the one that asks once."""

import pytest
from django.db import connection

from rules.sharing import shared

COUNT = "(SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname <> '(SELECT')"
OTHER = "(SELECT max(c.relpages) FROM pg_class c WHERE c.relnamespace = n.oid)"
SEEN = "EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = n.oid)"
TABLE = "FROM pg_namespace n WHERE n.nspname IN ('pg_catalog', 'information_schema')"
TWICE = [
    f"SELECT n.nspname, CASE WHEN {COUNT} > 9 THEN {COUNT} ELSE 0 END {TABLE}",
    f"SELECT {COUNT} + {OTHER}, {COUNT}, {OTHER} {TABLE}",
    f"SELECT {SEEN}, NOT {SEEN} {TABLE}",
    f"SELECT (({COUNT} + (1)) * {COUNT}), ')' {TABLE} AND {OTHER} > 0",
]
ALONE = [
    f"SELECT {COUNT}, {OTHER} {TABLE}",
    f"SELECT n.oid IN {COUNT}, n.oid IN {COUNT} {TABLE}",
    f"SELECT ARRAY{COUNT}, ARRAY{COUNT} {TABLE}",
    f"SELECT {COUNT}, {COUNT} {TABLE} GROUP BY n.oid",
    f"SELECT {COUNT}, {COUNT} FROM pg_namespace n",
    rf"SELECT {COUNT}, {COUNT}, '\' {TABLE}",
]


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return sorted(cursor.fetchall(), key=str)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", TWICE)
def test_shared_says_the_same(sql):
    assert rows(sql)
    assert rows(shared(sql)) == rows(sql)


@pytest.mark.parametrize("sql", TWICE)
def test_shared_asks_once_for_what_stands_twice(sql):
    asked = shared(sql)
    assert [asked.count(each) for each in (COUNT, SEEN) if each in sql] == [1]


@pytest.mark.parametrize("sql", ALONE)
def test_shared_leaves_what_it_does_not_know(sql):
    assert shared(sql) == sql


def test_shared_leaves_conditions_of_the_query_itself():
    sql = f"SELECT {COUNT}, {COUNT} {TABLE} AND {COUNT} > 0"
    assert shared(sql).endswith(f"AND {COUNT} > 0")
