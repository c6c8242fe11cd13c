"""Accounts that share their groups' limits, worked on from sixteen connections at once."""

import random
from collections import Counter
from decimal import Decimal

import pytest

from credit.errors import CreditError
from credit.models import CreditAccount, GroupExposure
from orders.enums import OrderState
from orders.errors import OrderError
from orders.models import Order
from tests.factories import credit, orders
from tests.factories.credit import in_group
from tests.factories.staff import person, superuser
from tests.factories.traces import balances, group_use
from tests.orders.test_parallel import at_once, drafts, submission

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def family(limit, *, children=2):
    """Three levels: a top with that limit, a group in its middle, and children below."""
    top, middle = credit.account(limit), credit.account()
    members = [credit.account() for _ in range(children)]
    in_group(middle, top)
    for member in members:
        in_group(member, middle)
    return top, middle, members


def joining(account, parent, by):
    """A change of groups; that it has happened already is no refusal."""

    def call():
        try:
            return in_group(account, parent, by=by)
        except CreditError as refusal:
            return refusal

    return call


def moved(refusal):
    return isinstance(refusal, OrderError) and "group has just changed" in str(refusal)


def prove_books(accounts):
    """Balances are the ledger's sums, ancestors the chain, groups the sums of those below."""
    stored = {a.pk: a for a in CreditAccount.objects.filter(pk__in=[a.pk for a in accounts])}
    expected = Counter()
    for account in stored.values():
        balances(account)
        chain, above = [], account
        while above := stored.get(above.parent_id):
            chain.append(above.pk)
            expected[above.pk] += account.used
        assert account.ancestors == chain
    held = Counter()
    for row in GroupExposure.objects.filter(account__in=stored):
        held[row.account_id] += row.used
    assert +held == +expected


@pytest.mark.parametrize("round_", range(2))
def test_submit_of_two_children_never_passes_their_groups_limit(round_):
    top, middle, children = family("3000.00")
    dice = random.Random(round_)
    made = [
        order
        for child in children
        for order in drafts(child, *(Decimal(dice.randint(1, 20_000)) / 100 for _ in range(120)))
    ]
    dice.shuffle(made)
    results = at_once(*map(submission, made))
    assert all(isinstance(result, Order) for result in results)
    reserved = sum(result.total for result in results if result.state == OrderState.APPROVED)
    assert group_use(top) == group_use(middle) == {"CNY": f"{reserved:.2f}"}
    assert 2800 < reserved <= 3000
    prove_books([top, middle, *children])


def test_submit_on_all_levels_at_once_never_waits_in_a_circle():
    top, middle, children = family("900.00")
    made = [order for each in (top, middle, *children) for order in drafts(each, *["20.00"] * 20)]
    random.Random(7).shuffle(made)
    results = at_once(*map(submission, made))
    states = Counter(result.state for result in results)
    assert states == {"approved": 45, "credit_failed": 35}
    prove_books([top, middle, *children])


def test_submit_and_cancel_while_children_change_their_groups():
    top, middle, children = family("2000.00", children=3)
    other, boss = credit.account("500.00"), superuser()
    analyst = person("credit_analyst")
    made = [order for child in children for order in drafts(child, *["15.00"] * 40)]
    calls = [submission(order) for order in made]
    calls += [lambda o=order: orders.cancel(o, by=boss) for order in made[::3]]
    for place in range(40):
        child = children[place % 3]
        calls.append(joining(child, (other, middle, None, top)[place % 4], analyst))
    calls += [joining(middle, parent, analyst) for parent in (None, top, other, top) * 3]
    random.Random(11).shuffle(calls)
    results = at_once(*calls)
    refusals = [r for r in results if isinstance(r, Exception)]
    joined = [r for r in results if isinstance(r, CreditAccount)]
    assert joined
    known = ("already", "just changed", "cannot be done now", "below itself")
    assert not [r for r in refusals if not any(words in str(r) for words in known)]
    assert len([r for r in refusals if moved(r)]) < len(made) / 4
    prove_books([top, middle, other, *children])


def test_join_group_of_a_parent_and_its_new_member_at_once():
    analyst = person("credit_analyst")
    for _round in range(10):
        top, middle, child = (credit.account() for _ in range(3))
        credit.reserve(child, "5.00")
        at_once(joining(middle, top, analyst), joining(child, middle, analyst))
        prove_books([top, middle, child])
        assert group_use(top) == {"CNY": "5.00"}


def test_join_group_crosswise_at_once_makes_no_circle():
    analyst = person("credit_analyst")
    for _round in range(10):
        one, two = credit.account(), credit.account()
        results = at_once(joining(one, two, analyst), joining(two, one, analyst))
        assert sum(isinstance(result, CreditError) for result in results) == 1
        prove_books([one, two])
