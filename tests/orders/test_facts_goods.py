from datetime import timedelta

import pytest

from orders import lifecycle
from orders.enums import FlagKind
from orders.risk import flags_of, flags_on, possible_flags_on
from tests.factories import credit, orders
from tests.factories.moments import DAY, HOUR, NOW
from tests.orders.asking import answer, words

pytestmark = pytest.mark.django_db


def flag(product=None, *, at=NOW - DAY, **values):
    return orders.flag(product, at=at, **values)


def lift(raised, at=NOW - HOUR):
    return lifecycle.lift_flag(flag_id=raised.pk, note="retested", by=raised.raised_by, at=at)


def order_of(*products, lot=""):
    lines = [orders.line(product_id=product.pk, lot=lot) for product in products]
    return orders.draft(credit.account(), lines=lines)


def test_flagged_says_no_without_flags():
    assert answer(order_of(orders.product()), "flagged") is False
    assert answer(orders.draft(credit.account(), lines=[orders.line()]), "flagged") is False


def test_flagged_finds_the_product_on_any_line():
    good, bad = orders.product(), orders.product()
    raised = flag(bad)
    order = order_of(good, bad)
    assert answer(order, "flagged") is True
    assert answer(order_of(good), "flagged") is False
    assert flags_on(order.pk, NOW) == [raised]


@pytest.mark.parametrize("kind", FlagKind)
def test_flagged_tells_the_kinds_apart(kind):
    product = orders.product()
    flag(product, kind=kind)
    order = order_of(product)
    answers = {other: answer(order, f"flagged_{other}") for other in FlagKind}
    assert answers == {other: other == kind for other in FlagKind}


def test_flagged_is_as_of_the_moment():
    product = orders.product()
    raised = flag(product, at=NOW - DAY)
    lift(raised, at=NOW - HOUR)
    order, tick = order_of(product), timedelta(microseconds=1)
    moments = (NOW - DAY - tick, NOW - DAY, NOW - HOUR - tick, NOW - HOUR)
    assert [answer(order, "flagged", at) for at in moments] == [False, True, True, False]
    assert [flags_on(order.pk, at) for at in moments] == [[], [raised], [raised], []]


def test_flagged_category_stands_for_all_its_products():
    tool, glove = orders.product(category="tools"), orders.product(category="gloves")
    raised = flag(category="tools")
    assert answer(order_of(tool), "flagged") is True
    assert answer(order_of(glove), "flagged") is False
    assert answer(order_of(orders.product(category="")), "flagged") is False
    assert flags_on(order_of(glove, tool).pk, NOW) == [raised]


@pytest.mark.parametrize("lot, expected", [("L7", True), ("l7", True), ("L70", False), ("", None)])
def test_flagged_lot_is_missing_where_the_line_names_none(lot, expected):
    product = orders.product()
    raised = flag(product, kind=FlagKind.RECALL, lot="L7")
    order = order_of(product, lot=lot)
    assert answer(order, "flagged_recall") is expected
    assert answer(order, "flagged") is expected
    assert flags_on(order.pk, NOW) == [raised] * (expected is True)
    assert possible_flags_on(order.pk, NOW) == [raised] * (expected is None)


def test_flagged_is_sure_beside_a_lot_in_doubt():
    product, other = orders.product(), orders.product()
    doubtful = flag(product, lot="L7")
    sure = flag(other)
    order = order_of(product, other)
    assert answer(order, "flagged") is True
    assert (flags_on(order.pk, NOW), possible_flags_on(order.pk, NOW)) == ([sure], [doubtful])


def test_flags_of_products_come_with_those_of_their_category():
    tool, glove = orders.product(category="tools"), orders.product(category="")
    both = [flag(category="tools"), flag(tool, lot="L7")]
    lift(flag(glove))
    assert flags_of([tool, glove], NOW) == {tool.pk: both, glove.pk: []}


def test_flagged_reads_as_a_sentence():
    assert words("flagged", "is", True) == "Carries flagged goods"
    assert words("flagged_recall", "is", False) == "Carries no recalled goods"
