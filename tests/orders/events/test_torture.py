"""Hundreds of messages, shuffled, doubled, late, from eight connections: nothing may differ.

ORDERGATE_EVENTS=10000 lives so many orders instead of sixty.
"""

import os
from random import Random

import pytest

from tests.orders.events import posting
from tests.orders.events.lives import PRODUCTS, Living, counts
from tests.orders.events.world import World, known

ORDERS = int(os.environ.get("ORDERGATE_EVENTS", "60"))
SEED = int(os.environ.get("ORDERGATE_SEED", "7"))

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_take_event_comes_to_the_same_whatever_the_order_of_arrival():
    random = Random(SEED)
    lived = [Living(number, random).live() for number in range(ORDERS)]
    things = posting.everything(lived, counts(random, 12))
    calm, storm = World("calm"), World("storm")
    assert known(calm) == known(storm) == PRODUCTS

    told = posting.side_by_side(calm, things)
    stormy = posting.from_many(storm, posting.shuffled(things, random))

    print(ORDERS, "orders;", told, stormy)
    assert not told["refused"] and not told["waiting"] and stormy["again"]
    assert stormy["waiting"] and not [how for how in stormy if how.startswith("database")]
    assert storm.waiting() == []
    both = {life.number: (storm.became(life), calm.became(life)) for life in lived}
    assert {number: pair for number, pair in both.items() if pair[0] != pair[1]} == {}
    assert storm.stock() == calm.stock()
    storm.proof()
