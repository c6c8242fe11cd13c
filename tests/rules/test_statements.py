"""Several conditions on one row, in a query that is made once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from rules import statements
from rules.compiler import compile_condition
from rules.conditions import ConditionError
from rules.observing import observe, observe_conditions
from tests.rules.parcels import PAID_NOT_SHIPPED, PARCEL, Parcel, leaf

HELD, CHEAP = leaf("held", "is", True), leaf("margin", "less_than", "5")
ISLAND = leaf("address", "contains_any_of", {"word_list": "islands"})
SOME = {
    "late": PAID_NOT_SHIPPED,
    "cheap": CHEAP,
    "held": HELD,
    "island": ISLAND,
    "dear": leaf("total", "more_than", {"amount": "5", "currency": "CNY"}),
    "many": leaf("pieces", "at_least", "3"),
    "state": leaf("state", "is_one_of", ["new", "lost"]),
}
PAIR = [{joiner: [HELD, CHEAP]} for joiner in ("all", "any")]
TREES = [*PAIR, *({"not": tree} for tree in PAIR), {"any": [{"not": HELD}, {"all": [CHEAP]}]}]


@pytest.fixture
def _nothing_kept():
    statements._prepared.cache_clear()


@pytest.mark.usefixtures("word_list", "_nothing_kept")
def test_conditions_come_out_as_each_alone(parcels, at):
    first = parcels.create(paid_at=at - timedelta(days=2), net=Decimal(100), cost=Decimal(99))
    second = parcels.create(address="Isle road", pieces=3, held=True, state="sent")
    for parcel in (first, second, first):
        for moment in (at, at - timedelta(hours=30), at):
            found = observe_conditions(SOME, PARCEL, parcel.pk, moment)
            alone = {key: observe(SOME[key], PARCEL, parcel.pk, moment) for key in SOME}
            assert {key: found[key]["seen"] for key in SOME} == {
                key: [each.as_json() for each in seen] for key, seen in alone.items()
            }


@pytest.mark.parametrize("tree", TREES, ids=str)
@pytest.mark.parametrize("held", [True, False, None])
@pytest.mark.parametrize("cost", ["99", "50", None])
def test_conditions_come_out_as_in_sql(parcels, at, tree, held, cost):
    parcel = parcels.create(held=held, net=Decimal(100), cost=cost and Decimal(cost))
    sql = compile_condition(tree, PARCEL, at).outcome
    expected = parcels.annotate(outcome=sql).values_list("outcome", flat=True).get(pk=parcel.pk)
    assert observe_conditions({"tree": tree}, PARCEL, parcel.pk, at)["tree"]["outcome"] == expected


@pytest.mark.usefixtures("_nothing_kept")
def test_conditions_are_written_as_sql_once(parcels, at):
    parcel = parcels.create(held=True)
    for step in range(3):
        observe_conditions({"held": HELD}, PARCEL, parcel.pk, at + timedelta(days=step))
    kept = statements._prepared.cache_info()
    assert (kept.misses, kept.hits) == (1, 2)


@pytest.mark.usefixtures("_nothing_kept")
def test_conditions_follow_a_changed_threshold(parcels, at):
    parcel = parcels.create(pieces=3)
    for least, outcome in (("3", "true"), ("4", "false")):
        asked = {"many": leaf("pieces", "at_least", least)}
        assert observe_conditions(asked, PARCEL, parcel.pk, at)["many"]["outcome"] == outcome


def test_conditions_name_a_row_that_is_gone(parcels, at):
    with pytest.raises(Parcel.DoesNotExist):
        observe_conditions({"held": HELD}, PARCEL, 999_999_999, at)


def test_conditions_refuse_what_is_no_condition(parcels, at):
    with pytest.raises(ConditionError):
        observe_conditions({"x": leaf("nothing", "is", True)}, PARCEL, 1, at)


@pytest.mark.usefixtures("_nothing_kept")
def test_query_that_depends_on_more_is_asked_as_it_is(parcels, at):
    parcel, asked = parcels.create(pieces=3), []

    def build(pk, moment):
        asked.append(pk)
        return Parcel.objects.filter(pk=pk, pieces__lt=4 + len(asked)).values("pk", "pieces")

    for _ in range(2):
        row = statements.ask(statements.Asking("odd", build), parcel.pk, at)
        assert row == {"pk": parcel.pk, "pieces": 3}
    assert asked[-2:] == [parcel.pk, parcel.pk]
