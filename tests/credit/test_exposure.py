from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from credit import exposure
from credit.enums import Bucket
from credit.exposure import OrderExposure

amounts = st.decimals(0, 10**9, places=2)
positions = st.builds(
    OrderExposure, reserved=amounts, delivered=amounts, receivable=amounts, paid=amounts
)


def after(order, moves):
    """The position that the moves lead to; bucket "" counts what came from outside."""
    sums = {bucket: getattr(order, bucket) for bucket in Bucket.values} | {"": Decimal(0)}
    for move in moves:
        sums[move.from_bucket] -= move.amount
        sums[move.to_bucket] += move.amount
        assert move.amount > 0
    assert min(amount for bucket, amount in sums.items() if bucket) >= 0
    return sums


def total(order):
    return order.used + order.paid


@given(positions)
def test_ship_and_invoice_keep_what_is_used(order):
    for step in (exposure.ship, exposure.invoice):
        moved = after(order, step(order))
        assert OrderExposure.of(moved).used == order.used and moved[""] == 0


@given(positions)
def test_ship_leaves_nothing_reserved(order):
    moved = after(order, exposure.ship(order))
    assert (moved["reserved"], moved["delivered"]) == (0, order.reserved + order.delivered)


@given(positions)
def test_invoice_makes_everything_used_a_receivable(order):
    moved = after(order, exposure.invoice(order))
    assert (moved["reserved"], moved["delivered"], moved["receivable"]) == (0, 0, order.used)


@given(positions)
def test_free_takes_out_what_was_reserved_and_nothing_else(order):
    moved = after(order, exposure.free(order))
    assert moved[""] == order.reserved
    assert total(OrderExposure.of(moved)) == total(order) - order.reserved


@given(amounts)
def test_reserve_brings_in_the_amount(amount):
    moved = after(OrderExposure(), exposure.reserve(amount))
    assert (moved["reserved"], moved[""]) == (amount, -amount)


@given(positions, amounts)
def test_pay_adds_the_amount_to_paid_and_lowers_what_is_used(order, amount):
    moved = after(order, exposure.pay(order, amount))
    assert moved["paid"] == order.paid + amount
    assert OrderExposure.of(moved).used == max(order.used - amount, 0)
    assert -moved[""] == max(amount - order.used, 0)


@given(positions, amounts)
def test_pay_settles_the_furthest_along_first(order, amount):
    moved = after(order, exposure.pay(order, amount))
    if moved["receivable"]:
        assert moved["delivered"] == order.delivered
    if moved["delivered"]:
        assert moved["reserved"] == order.reserved


@given(positions, amounts)
def test_pay_that_settles_leaves_nothing_used(order, amount):
    moved = after(order, exposure.pay(order, amount, settles=True))
    assert OrderExposure.of(moved).used == 0
    assert moved["paid"] == order.paid + amount


def test_of_a_mapping_fills_in_empty_buckets():
    order = OrderExposure.of({"paid": Decimal(5)})
    assert (order.used, order.paid) == (0, 5)


@given(positions, amounts)
def test_ship_of_a_part_reserves_no_more_than_what_stays(order, staying):
    moved = after(order, exposure.ship(order, staying))
    assert OrderExposure.of(moved).used == order.used and moved[""] == 0
    assert moved["reserved"] == min(order.reserved, staying)


@given(amounts, amounts, amounts)
def test_ship_comes_to_the_same_before_and_after_a_payment(leaving, staying, paid):
    released = OrderExposure(reserved=leaving + staying)
    sent = OrderExposure.of(after(released, exposure.ship(released, staying)))
    settled = OrderExposure.of(after(released, exposure.pay(released, paid)))
    one, other = (
        after(sent, exposure.pay(sent, paid)),
        after(settled, exposure.ship(settled, staying)),
    )
    assert OrderExposure.of(one) == OrderExposure.of(other)


@given(positions, amounts, amounts)
def test_restore_reserves_first_what_has_not_left(order, amount, staying):
    moved = after(order, exposure.restore(order, amount, staying))
    assert OrderExposure.of(moved).used == order.used + amount
    assert moved["reserved"] == max(order.reserved, min(order.reserved + amount, staying))


@given(positions, st.lists(amounts, min_size=1, max_size=4), amounts)
def test_invoices_in_parts_claim_what_waits_and_no_more(order, parts, prepaid):
    waiting = order.delivered + order.reserved
    rest, claimed = waiting + prepaid, Decimal(0)
    for part in [*parts, rest]:
        part = min(part, rest)
        claim = exposure.claim(order, part, rest)
        moved = after(order, exposure.invoice(order, claim))
        assert moved[""] == 0
        order, rest, claimed = OrderExposure.of(moved), rest - part, claimed + claim
    assert claimed == waiting and not order.reserved and not order.delivered


@given(positions, amounts)
def test_close_short_lets_go_of_what_is_not_owed_and_leaves_nothing_reserved(order, amount):
    moved = after(order, exposure.close_short(order, amount))
    assert moved["reserved"] == 0
    assert moved[""] == min(amount, order.reserved + order.delivered)
    assert (moved["receivable"], moved["paid"]) == (order.receivable, order.paid)


@given(positions, amounts)
def test_take_back_lets_go_of_what_was_delivered_first(order, amount):
    moved = after(order, exposure.take_back(order, amount))
    assert moved["delivered"] == max(order.delivered - amount, 0)
    assert moved[""] == min(amount, order.reserved + order.delivered)
