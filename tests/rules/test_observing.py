import json
from datetime import timedelta
from decimal import Decimal

import pytest

from rules.observing import observe, observe_many, read
from tests.rules.parcels import PAID_NOT_SHIPPED, PARCEL, Parcel, leaf

MARGIN = leaf("margin", "less_than", "5")


def test_observe_shows_what_the_rule_saw(parcels, at):
    parcel = parcels.create(paid_at=at - timedelta(hours=52, minutes=10))
    payment, shipment = observe(PAID_NOT_SHIPPED, PARCEL, parcel, at)
    assert (payment.path, payment.label, payment.verdict) == ("all.0", "time since payment", "true")
    assert payment.text == "52 h 10 min"
    assert payment.value["seconds"] == 52 * 3600 + 600
    assert payment.comparison == "paid more than 24 h ago"
    assert (shipment.text, shipment.verdict) == ("not yet", "true")


@pytest.mark.parametrize(
    ("net", "cost", "text", "verdict"),
    [
        ("100.00", "95.01", "4.99 %", "true"),
        ("100.00", "95.00", "5 %", "false"),
        ("100000.00", "95000.01", "4.99999 %", "true"),
        ("3.00", "2.00", "33.33 %", "false"),
        ("0.00", "1.00", "no data", "missing"),
        ("-5.00", "1.00", "no data", "missing"),
        ("10.00", None, "no data", "missing"),
    ],
)
def test_observe_says_missing_where_a_margin_means_nothing(parcels, at, net, cost, text, verdict):
    parcel = parcels.create(net=Decimal(net), cost=cost and Decimal(cost))
    (margin,) = observe(MARGIN, PARCEL, parcel.pk, at)
    assert (margin.text, margin.verdict) == (text, verdict)


def test_observe_names_the_words_found(parcels, word_list, at):
    parcel = parcels.create(address="Ｉｓｌｅ ROAD, 海岛")
    condition = leaf("address", "contains_any_of", {"word_list": "islands"})
    (seen,) = observe(condition, PARCEL, parcel, at)
    assert seen.value == {"text": "Ｉｓｌｅ ROAD, 海岛", "words": ["Isle", "海岛"]}
    assert seen.text == "Ｉｓｌｅ ROAD, 海岛 (contains “Isle”, “海岛”)"


def test_observe_cannot_compare_another_currency(parcels, at):
    parcel = parcels.create(total=Decimal("1234.50"), currency="USD")
    condition = leaf("total", "more_than", {"amount": "5", "currency": "CNY"})
    (seen,) = observe(condition, PARCEL, parcel, at)
    assert (seen.text, seen.verdict) == ("1,234.50 USD", "missing")


def test_observe_survives_being_stored(parcels, at):
    parcel = parcels.create(paid_at=at - timedelta(days=2))
    seen = observe(PAID_NOT_SHIPPED, PARCEL, parcel, at)
    stored = json.loads(json.dumps([observation.as_json() for observation in seen]))
    assert [again.text for again in read(stored, PARCEL)] == [each.text for each in seen]


def test_observe_many_asks_once(parcels, at, django_assert_num_queries):
    pks = [parcels.create(paid_at=at).pk for _ in range(5)]
    with django_assert_num_queries(1):
        assert set(observe_many(PAID_NOT_SHIPPED, PARCEL, pks, at)) == set(pks)


def test_observe_refuses_a_row_that_is_gone(parcels, at):
    with pytest.raises(Parcel.DoesNotExist):
        observe(PAID_NOT_SHIPPED, PARCEL, 404, at)
