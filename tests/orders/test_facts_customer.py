from datetime import timedelta

import pytest

from orders.models import Order
from tests.factories import credit, orders
from tests.factories.history import past_orders
from tests.factories.moments import DAY, HOUR, NOW
from tests.orders.asking import answer, seen, value, verdict, words

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
YEAR = timedelta(days=365)


def to(account, address, **values):
    return orders.lifecycle.create_draft(
        customer_id=account.customer_id,
        header=orders.header(ship_to_address=address),
        lines=[orders.line()],
        by=account.customer.owner,
        at=NOW,
    )


def size(total, *past, ask=("more_than", "2.5"), **values):
    """What the size fact says of a draft of `total` after releases of the `past` totals."""
    account = credit.account()
    for number, old in enumerate(past):
        past_orders(account, 1, total=old, before=NOW - (number + 1) * DAY, **values)
    return verdict(orders.draft(account, total), "times_median", *ask)


@pytest.mark.parametrize(
    "total, expected", [("249.99", "false"), ("250.00", "false"), ("250.01", "true")]
)
def test_size_is_compared_exactly_with_the_middle_of_three(total, expected):
    assert size(total, "10.00", "100.00", "9000.00") == expected


@pytest.mark.parametrize("total, expected", [("375.00", "false"), ("375.01", "true")])
def test_size_takes_the_mean_of_the_two_in_the_middle(total, expected):
    assert size(total, "10.00", "100.00", "200.00", "9000.00") == expected


@pytest.mark.parametrize("operator, expected", [("at_least", "true"), ("less_than", "false")])
def test_size_at_its_threshold(operator, expected):
    assert size("250.00", "100.00", "100.00", "100.00", ask=(operator, "2.5")) == expected


@pytest.mark.parametrize("past", [(), ("100.00", "100.00"), ("0.00", "0.00", "0.00")])
def test_size_without_a_usual_order_is_missing(past):
    assert size("250.00", *past) == "missing"


def test_size_passes_over_cancelled_orders_and_other_currencies():
    account = credit.account()
    past_orders(account, 2)
    order = orders.draft(account, "900.00")
    past_orders(account, 3, cancelled_at=NOW - HOUR)
    past_orders(account, 3, currency="USD")
    assert verdict(order, "times_median", "more_than", "2") == "missing"
    assert verdict(order, "times_median", "more_than", "2", NOW - 2 * HOUR) == "true"


@pytest.mark.parametrize("age, expected", [(YEAR - TICK, "true"), (YEAR, "missing")])
def test_size_looks_back_one_year_from_the_submission(age, expected):
    account = credit.account()
    past_orders(account, 2)
    past_orders(account, 1, before=NOW - age)
    order = orders.submit(orders.draft(account, "900.00"))
    assert verdict(order, "times_median", "more_than", "2", NOW + 30 * DAY) == expected


def test_size_takes_the_latest_hundred_only():
    account = credit.account()
    past_orders(account, 100, total="100.00", before=NOW - HOUR, apart=timedelta(seconds=1))
    past_orders(account, 500, total="9000.00", before=NOW - 2 * DAY, apart=timedelta(seconds=1))
    assert value(orders.draft(account, "250.00"), "times_median") == "2.5"


def test_size_says_what_it_saw():
    account = credit.account()
    past_orders(account, 3)
    found = seen(orders.draft(account, "250.00"), "times_median", "more_than", "2")
    assert found.text == "2.5 times the customer's usual order"
    assert words("times_median", "more_than", "2") == (
        "Size of the order is more than 2 times the customer's usual order"
    )


@pytest.mark.parametrize(
    "name, window",
    [("count_1h", HOUR), ("count_24h", DAY), ("count_7d", 7 * DAY)],
)
def test_count_takes_this_order_and_those_within_the_window(name, window):
    account = credit.account()
    for ago in (timedelta(), window - TICK, window):
        past_orders(account, 1, before=NOW - ago)
    past_orders(credit.account(), 5, before=NOW)
    order = orders.draft(account)
    asked = [verdict(order, name, "more_than", str(most)) for most in (2, 3)]
    assert (asked, value(order, name)) == (["true", "false"], "3")


def test_count_stays_as_it_was_at_submission():
    account = credit.account()
    order = orders.submit(orders.draft(account))
    past_orders(account, 4, before=NOW + 5 * HOUR)
    assert value(order, "count_24h", NOW + DAY) == "1"
    assert value(orders.draft(account), "count_24h", NOW + 23 * HOUR) == "6"


def test_amount_sums_the_day_in_the_currency_of_the_order():
    account = credit.account()
    past_orders(account, 2, total="100.00", before=NOW - HOUR)
    past_orders(account, 1, total="7.00", before=NOW - DAY)
    past_orders(account, 1, total="9.00", currency="USD", before=NOW - HOUR)
    order = orders.draft(account, "50.00")
    asked = [
        verdict(order, "amount_24h", "more_than", {"amount": amount, "currency": "CNY"})
        for amount in ("249.99", "250.00")
    ]
    assert asked == ["true", "false"]
    other = {"amount": "1.00", "currency": "USD"}
    assert verdict(order, "amount_24h", "more_than", other) == "missing"


def test_first_order_is_the_one_before_any_release():
    account = credit.account()
    first, second = orders.draft(account), orders.draft(account)
    assert answer(first, "first_order") is answer(second, "first_order") is True
    orders.submit(first, at=NOW)
    assert answer(first, "first_order", NOW + DAY) is True
    assert answer(second, "first_order", NOW - TICK) is True
    assert answer(second, "first_order", NOW) is False


def test_first_order_stays_first_of_two_released_together():
    account = credit.account()
    first, second = (orders.submit(orders.draft(account)) for _ in range(2))
    assert [answer(order, "first_order") for order in (first, second)] == [True, False]


def test_first_order_passes_over_failed_and_cancelled_orders():
    account = credit.account("50.00")
    orders.submit(orders.draft(account, "90.00"))
    cancelled = orders.submit(orders.draft(account, "10.00"))
    order = orders.draft(account)
    assert answer(order, "first_order") is False
    orders.cancel(cancelled, at=NOW + HOUR)
    moments = (NOW + HOUR - TICK, NOW + HOUR)
    assert [answer(order, "first_order", at) for at in moments] == [False, True]


@pytest.mark.parametrize(
    "address, expected",
    [
        ("1 Old Street", False),
        ("  1 OLD street ", False),
        ("1 Old Street 2", True),
        ("上海市浦东新区", True),
        ("", None),
        ("   ", None),
    ],
)
def test_new_ship_to_compares_trimmed_text_of_any_case(address, expected):
    account = credit.account()
    past_orders(account, 2)
    past_orders(credit.account(), 1, ship_to_address="上海市浦东新区")
    assert answer(to(account, address), "new_ship_to") is expected


def test_new_ship_to_is_as_of_the_moment():
    account = credit.account()
    past_orders(account, 1, before=NOW - HOUR)
    order = to(account, "1 Old Street")
    asked = [answer(order, "new_ship_to", at) for at in (NOW - HOUR - TICK, NOW - HOUR)]
    assert asked == [True, False]


def test_new_ship_to_counts_no_order_that_was_cancelled():
    account = credit.account()
    past_orders(account, 1, cancelled_at=NOW - HOUR)
    assert answer(to(account, "1 Old Street"), "new_ship_to") is True


@pytest.mark.parametrize(
    "status, expected", [("active", False), ("watch", True), ("blacklisted", True)]
)
def test_customer_watch_is_for_both_lists(status, expected):
    order = orders.draft(credit.account(status=status, status_reason="unpaid since May"))
    assert answer(order, "customer_watch") is expected


@pytest.mark.parametrize(
    "age, expected", [(30 * DAY - TICK, "true"), (30 * DAY, "false"), (-DAY, "missing")]
)
def test_customer_age_counts_from_creation(age, expected):
    order = orders.draft(credit.account(created_at=NOW - age))
    limit = {"amount": "30", "unit": "days"}
    assert verdict(order, "customer_age", "less_than", limit) == expected


def test_draft_and_submitted_order_are_answered_alike():
    account = credit.account()
    past_orders(account, 4, before=NOW - HOUR)
    order = to(account, "2 New Street")
    names = ("count_24h", "count_7d", "times_median")
    before = [value(order, name) for name in names]
    told = [answer(order, name) for name in ("first_order", "new_ship_to")]
    orders.submit(order)
    assert [value(order, name) for name in names] == before
    assert [answer(order, name) for name in ("first_order", "new_ship_to")] == told
    assert Order.objects.get(pk=order.pk).submitted_at == NOW


@pytest.mark.parametrize(
    "name, operator, asked, sentence",
    [
        ("first_order", "is", True, "First order of the customer"),
        ("first_order", "is", False, "Customer has ordered before"),
        ("new_ship_to", "is", True, "Ship-to address new for the customer"),
        (
            "count_1h",
            "more_than",
            "5",
            "Number of orders by the customer within an hour is more than 5",
        ),
        (
            "amount_24h",
            "at_least",
            {"amount": "1000", "currency": "CNY"},
            "Amount ordered by the customer within 24 hours is at least 1,000.00 CNY",
        ),
        (
            "customer_age",
            "less_than",
            {"amount": "30", "unit": "days"},
            "Customer created less than 30 d ago",
        ),
        ("customer_watch", "is", True, "Customer on the watch list or blacklist"),
    ],
)
def test_customer_facts_read_as_sentences(name, operator, asked, sentence):
    assert words(name, operator, asked) == sentence


@pytest.mark.parametrize(
    ("state", "expected"), [("broken", "1"), ("partly_kept", "1"), ("kept", "0"), ("open", "0")]
)
def test_broken_promises_count_those_not_kept(state, expected):
    order = orders.draft(credit.account())
    credit.promise(order.account, NOW.date(), state=state)
    credit.promise(credit.account(), NOW.date(), state="broken")
    assert value(order, "broken_promises") == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [(NOW - TICK, "0"), (NOW, "1"), (NOW + YEAR - TICK, "1"), (NOW + YEAR, "0")],
)
def test_broken_promises_are_as_of_the_moment(at, expected):
    order = orders.draft(credit.account())
    credit.promise(order.account, NOW.date())
    assert value(order, "broken_promises", at) == expected
