from copy import deepcopy

import pytest

from orders.differences import differences

LINE = {
    "sku": "A-1",
    "name": "Wire",
    "quantity": "5.000",
    "price": "10.00",
    "discount_percent": "0.00",
    "tax_percent": "13.00",
    "net": "50.00",
    "tax": "6.50",
}
BEFORE = {
    "currency": "CNY",
    "payment_days": 30,
    "ship_to_name": "Li",
    "ship_to_phone": "",
    "ship_to_address": "5 Quay Street",
    "note": "",
    "promised_at": None,
    "total": "56.50",
    "lines": [LINE],
}


def after(**values):
    return deepcopy(BEFORE) | values


def test_differences_of_the_same_are_none():
    assert differences(BEFORE, after()) == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"total": "1060.00"}, "Total from 56.50 to 1,060.00 CNY, 1,003.50 more."),
        ({"total": "50.00"}, "Total from 56.50 to 50.00 CNY, 6.50 less."),
        ({"payment_days": 60}, "Payment terms from 30 days to 60 days."),
        ({"payment_days": 0}, "Payment terms from 30 days to due at once."),
        ({"note": "ring"}, "Note: “ring”, was empty."),
        ({"ship_to_name": ""}, "Recipient: emptied, was “Li”."),
        ({"ship_to_name": "Wu"}, "Recipient: “Wu”, was “Li”."),
        ({"promised_at": "2026-03-05T15:59:59+00:00"}, "Promised for: “5 Mar 2026”, was empty."),
        ({"lines": []}, "Removed: 5 × A-1 Wire at 10.00."),
        ({"lines": [LINE, LINE | {"sku": "B"}]}, "Added: 5 × B Wire at 10.00."),
        (
            {"lines": [LINE | {"quantity": "2.500", "price": "1200.00"}]},
            "A-1 Wire: quantity from 5 to 2.5, price from 10.00 to 1,200.00.",
        ),
        (
            {"lines": [LINE | {"discount_percent": "5.00", "tax_percent": "0.00"}]},
            "A-1 Wire: discount from 0 % to 5 %, tax from 13 % to 0 %.",
        ),
    ],
)
def test_differences_are_told_in_sentences(values, told):
    assert differences(BEFORE, after(**values)) == [told]


def test_differences_match_lines_of_one_product_in_their_order():
    twice = after(lines=[LINE, LINE | {"price": "9.00"}])
    assert differences(twice, after(lines=[LINE, LINE | {"price": "8.00"}])) == [
        "A-1 Wire: price from 9.00 to 8.00."
    ]
