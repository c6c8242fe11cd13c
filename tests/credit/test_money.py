from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from credit.figures import FigureField
from credit.money import CurrencyMismatch, Money, is_amount, quantize


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("1.004999", "1.00"), ("2.675", "2.68"), ("1", "1")],
)
def test_quantize_rounds_halves_away_from_zero(amount, rounded):
    assert quantize(Decimal(amount)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("amount", "fits"),
    [
        ("0", True),
        ("-12.30", True),
        ("9999999999999999.99", True),
        ("10000000000000000", False),
        ("0.001", False),
        ("1E+40", False),
        ("NaN", False),
        ("sNaN", False),
        ("-Infinity", False),
    ],
)
def test_is_amount_accepts_whole_cents_that_can_be_stored(amount, fits):
    assert is_amount(Decimal(amount)) is fits


def test_money_adds_and_compares_within_a_currency():
    five, two = Money(Decimal(5), "CNY"), Money(Decimal(2), "CNY")
    assert (five + two, five - two) == (Money(Decimal(7), "CNY"), Money(Decimal(3), "CNY"))
    assert two < five and five > two and str(two) == "2 CNY"


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__gt__"])
def test_money_refuses_to_mix_currencies(operation):
    with pytest.raises(CurrencyMismatch):
        getattr(Money(Decimal(5), "CNY"), operation)(Money(Decimal(5), "USD"))


@pytest.mark.parametrize(
    ("text", "told"),
    [("30000", "At most 25,446.32 is possible here."), ("0.5", "At least 1.00 is needed here.")],
)
def test_figure_field_names_its_bounds_as_they_are_read(text, told):
    field = FigureField(least=Decimal("1.00"), most=Decimal("25446.32"))
    with pytest.raises(ValidationError) as refused:
        field.clean(text)
    assert refused.value.messages == [told]
