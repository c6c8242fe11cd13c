from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.compiler import compile_condition
from rules.observing import observe_many
from tests.rules import reference
from tests.rules.conftest import AT
from tests.rules.parcels import PARCEL, STATES, Parcel, leaf

# Few distinct values on both sides, so that comparisons meet their exact borders often.
HOURS = st.sampled_from(["0", "0.5", "1", "24", "48"])
UNITS = st.sampled_from(["minutes", "hours", "days"])
ORDERED = st.sampled_from(["more_than", "at_least", "less_than", "at_most"])
NUMBERS = st.sampled_from(["-5", "0", "4.99", "5", "100"])
CURRENCIES = st.sampled_from(["CNY", "USD"])
TEXTS = st.text(alphabet="aAbB1%_\\ cd岛海島", max_size=6)
MOMENTS = st.none() | st.builds(
    lambda hours, seconds: AT - timedelta(hours=hours, seconds=seconds),
    st.sampled_from([-1, 0, 1, 24, 48]),
    st.sampled_from([-1, 0, 1]),
)
AMOUNTS = st.none() | st.sampled_from(["-5", "0", "4.99", "5", "95", "100"]).map(Decimal)


def number(fact):
    return st.builds(leaf, st.just(fact), ORDERED, NUMBERS)


LEAVES = st.one_of(
    st.builds(
        leaf,
        st.just("since_payment"),
        ORDERED,
        st.fixed_dictionaries({"amount": HOURS, "unit": UNITS}),
    ),
    st.builds(leaf, st.sampled_from(["shipped", "held"]), st.just("is"), st.booleans()),
    st.builds(
        leaf,
        st.just("total"),
        ORDERED,
        st.fixed_dictionaries({"amount": NUMBERS, "currency": CURRENCIES}),
    ),
    number("margin"),
    number("discount"),
    number("pieces").filter(lambda made: "." not in made["value"]),
    st.builds(
        leaf,
        st.just("address"),
        st.sampled_from(["contains", "equals"]),
        TEXTS.filter(lambda text: text.strip()).map(str.strip),
    ),
    st.just(leaf("address", "contains_any_of", {"word_list": "islands"})),
    st.builds(
        leaf,
        st.just("state"),
        st.just("is_one_of"),
        st.lists(st.sampled_from([code for code, _ in STATES]), min_size=1, unique=True),
    ),
)


def grown(parts):
    groups = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda part: {"not": part}, parts),
        st.builds(lambda row: {"all": row}, groups),
        st.builds(lambda row: {"any": row}, groups),
    )


def depth_of(node):
    if "fact" in node:
        return 1
    ((_, parts),) = node.items()
    return 1 + max(depth_of(part) for part in (parts if isinstance(parts, list) else [parts]))


CONDITIONS = st.recursive(LEAVES, grown, max_leaves=8).filter(lambda made: depth_of(made) <= 5)
PARCELS = st.builds(
    Parcel,
    paid_at=MOMENTS,
    shipped_at=MOMENTS,
    total=AMOUNTS,
    currency=st.none() | CURRENCIES,
    net=AMOUNTS,
    cost=AMOUNTS,
    discount=AMOUNTS,
    pieces=st.none() | st.sampled_from([-5, 0, 5, 100]),
    address=st.none() | TEXTS,
    state=st.none() | st.sampled_from([code for code, _ in STATES]),
    held=st.none() | st.booleans(),
)
IN_WORDS = {"true": True, "false": False, "missing": None}


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(condition=CONDITIONS, rows=st.lists(PARCELS, min_size=1, max_size=8))
def test_compile_agrees_with_a_plain_reading(parcels, word_list, condition, rows):
    words = [word.text for word in word_list.words.all()]
    parcels.all().delete()
    for row in rows:
        row.pk = None
    parcels.bulk_create(rows)
    compiled = compile_condition(condition, PARCEL, AT)
    found = dict(parcels.annotate(outcome=compiled.outcome).values_list("pk", "outcome"))
    expected = {row.pk: reference.outcome(condition, row, AT, words) for row in rows}
    assert {pk: IN_WORDS[said] for pk, said in found.items()} == expected
    for query, wanted in (
        (compiled.holds, True),
        (compiled.fails, False),
        (compiled.missing, None),
    ):
        chosen = set(parcels.filter(query).values_list("pk", flat=True))
        assert chosen == {pk for pk, said in expected.items() if said is wanted}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(condition=LEAVES, row=PARCELS)
def test_observe_agrees_with_a_plain_reading(parcels, word_list, condition, row):
    words = [word.text for word in word_list.words.all()]
    row.pk = None
    row.save()
    (seen,) = observe_many(condition, PARCEL, [row.pk], AT)[row.pk]
    expected = reference.outcome(condition, row, AT, words)
    assert IN_WORDS[seen.verdict] is expected
    assert seen.text
    if condition["op"] == "contains_any_of" and expected:
        assert seen.value["words"] == sorted(
            (word for word in words if word.lower() in row.address.lower()), key=str.lower
        )
