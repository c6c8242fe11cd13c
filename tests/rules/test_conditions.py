import pytest

from rules.conditions import ConditionError, parameters, validate, with_parameters
from tests.rules.parcels import PAID_NOT_SHIPPED, PARCEL, leaf, paid

pytestmark = pytest.mark.django_db


def nested(times):
    return leaf("held", "is", True) if times == 0 else {"not": nested(times - 1)}


WRONG = [
    ("not a tree", "", "neither a comparison nor a group"),
    ({}, "", "neither a comparison nor a group"),
    ({"all": []}, "", "from 1 to 50 parts"),
    ({"all": "x"}, "", "from 1 to 50 parts"),
    ({"all": [paid("more_than", "1")], "any": []}, "", "neither a comparison nor a group"),
    ({"all": [paid("more_than", "1"), 5]}, "all.1", "neither a comparison nor a group"),
    ({"fact": "parcel.held"}, "", "needs a fact, an operator and a value"),
    (leaf("colour", "is", True), "", "no fact “parcel.colour”"),
    (leaf("held", "more_than", True), "", "cannot be compared"),
    (leaf("held", "is", "yes"), "", "Choose yes or no"),
    (leaf("shipped", "is", 1), "", "Choose yes or no"),
    ({"not": paid("more_than", "-1")}, "not", "from 0 to"),
    (paid("more_than", "24", "weeks"), "", "minutes, hours or days"),
    (paid("more_than", "9999999", "days"), "", "from 0 to 3,650"),
    (paid("more_than", 1.5), "", "Enter a number"),
    (paid("more_than", True), "", "Enter a number"),
    (paid("more_than", "1e9"), "", "Enter a number"),
    (paid("more_than", "NaN"), "", "Enter a number"),
    (paid("more_than", "1.234"), "", "at most 2 decimal places"),
    (leaf("since_payment", "more_than", "24"), "", "length of time"),
    (leaf("margin", "less_than", "10001"), "", "from −1,000 to 1,000"),
    (leaf("total", "less_than", "5"), "", "amount and its currency"),
    (leaf("total", "less_than", {"amount": "5", "currency": "yuan"}), "", "Choose a currency"),
    (leaf("address", "contains", "  "), "", "Enter a word"),
    (leaf("address", "contains", "a\x00"), "", "Enter a word"),
    (leaf("address", "contains", "a" * 101), "", "at most 100 characters"),
    (leaf("address", "contains_any_of", {"word_list": "nowhere"}), "", "Choose a word list"),
    (leaf("address", "contains_any_of", "islands"), "", "Choose a word list"),
    (leaf("state", "is_one_of", []), "", "at least one value"),
    (leaf("state", "is_one_of", ["gone"]), "", "“gone” is not one of the choices"),
    (nested(5), "not.not.not.not.not", "nested at most 5 deep"),
    ({"all": [{"any": [leaf("held", "is", True)] * 26}] * 2}, "", "at most 50 comparisons"),
]


@pytest.mark.parametrize(("condition", "path", "problem"), WRONG)
def test_validate_names_the_fault_and_its_place(condition, path, problem):
    with pytest.raises(ConditionError) as caught:
        validate(condition, PARCEL)
    assert caught.value.path == path
    assert problem in caught.value.messages[0]


def test_validate_returns_the_canonical_form(word_list):
    given = {
        "any": [
            paid("more_than", 24),
            paid("more_than", "24.50"),
            leaf("total", "at_least", {"amount": "1000", "currency": "CNY"}),
            leaf("state", "is_one_of", ["lost", "new", "lost"]),
            leaf("address", "contains_any_of", {"word_list": "islands"}),
        ]
    }
    wanted = {
        "any": [
            paid("more_than", "24"),
            paid("more_than", "24.5"),
            leaf("total", "at_least", {"amount": "1000.00", "currency": "CNY"}),
            leaf("state", "is_one_of", ["new", "lost"]),
            leaf("address", "contains_any_of", {"word_list": "islands"}),
        ]
    }
    assert validate(given, PARCEL) == wanted == validate(wanted, PARCEL)


def test_parameters_lists_thresholds_only():
    (threshold,) = parameters(PAID_NOT_SHIPPED, PARCEL)
    assert (threshold.path, threshold.kind) == ("all.0", "duration")
    assert threshold.value == {"amount": "24", "unit": "hours"}
    assert threshold.label == "paid more than … ago"
    assert [unit for unit, label in threshold.units] == ["minutes", "hours", "days"]


def test_with_parameters_changes_only_the_value():
    changed = with_parameters(PAID_NOT_SHIPPED, PARCEL, {"all.0": {"amount": "2", "unit": "days"}})
    assert changed == {"all": [paid("more_than", "2", "days"), leaf("shipped", "is", False)]}
    assert PAID_NOT_SHIPPED["all"][0] == paid("more_than", "24")


@pytest.mark.parametrize(
    ("path", "value"),
    [("all.1", True), ("all.7", "5"), ("all.0", {"amount": "x", "unit": "days"})],
)
def test_with_parameters_refuses_what_is_no_threshold(path, value):
    with pytest.raises(ConditionError) as caught:
        with_parameters(PAID_NOT_SHIPPED, PARCEL, {path: value})
    assert caught.value.path == path


def test_with_parameters_reaches_below_a_negation():
    condition = {"not": leaf("margin", "less_than", "5")}
    assert with_parameters(condition, PARCEL, {"not": "7.5"}) == {
        "not": leaf("margin", "less_than", "7.5")
    }
