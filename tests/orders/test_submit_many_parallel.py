"""Batches on connections of their own, over accounts that they share."""

import random
from collections import Counter
from decimal import Decimal

import pytest

from credit.models import CreditAccount
from orders import lifecycle
from orders.enums import OrderState
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import superuser
from tests.factories.traces import group_use
from tests.orders.test_parallel import at_once, drafts, submission
from tests.orders.test_parallel_groups import family, prove_books

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def batch(ids, by):
    return lambda: lifecycle.submit_many(order_ids=ids, by=by, at=NOW)


def shuffled_batches(made, number, seed):
    """The same orders dealt out at random, so that every batch touches every account."""
    ids = [order.pk for order in made]
    random.Random(seed).shuffle(ids)
    return [ids[place::number] for place in range(number)]


@pytest.mark.parametrize("seed", range(3))
def test_submit_many_at_once_never_passes_a_groups_limit(seed):
    top, middle, children = family("900.00", children=6)
    made = [order for each in (top, *children) for order in drafts(each, *["20.00"] * 20)]
    by = superuser()
    results = at_once(*(batch(ids, by) for ids in shuffled_batches(made, 8, seed)))
    states = Counter(answer.order.state for answers in results for answer in answers)
    assert states == {"approved": 45, "credit_failed": 95}
    prove_books([top, middle, *children])


def test_submit_many_of_the_same_orders_at_once_submits_each_once():
    account, by = credit.account("500.00"), superuser()
    ids = [order.pk for order in drafts(account, *["20.00"] * 40)]
    results = at_once(*[batch(ids[:: 1 - 2 * (n % 2)], by) for n in range(6)])
    refused = [answer for answers in results for answer in answers if answer.refusal]
    assert len(refused) == 5 * 40
    assert CreditAccount.objects.get(pk=account.pk).reserved == 500


def test_submit_many_beside_single_verbs_never_waits_in_a_circle():
    top, middle, children = family("1500.00", children=4)
    made = [order for each in children for order in drafts(each, *["15.00"] * 40)]
    by = superuser()
    batches = shuffled_batches(made[: len(made) // 2], 4, 5)
    calls = [batch(ids, by) for ids in batches]
    singles = made[len(made) // 2 :]
    calls += [submission(order) for order in singles]
    calls += [lambda o=order: orders.cancel(o, by=by) for order in singles[::4]]
    random.Random(3).shuffle(calls)
    at_once(*calls)
    assert Decimal(group_use(top)["CNY"]) <= 1500
    prove_books([top, middle, *children])
    assert not type(made[0]).objects.filter(state=OrderState.SUBMITTED).exists()
