from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from credit.errors import CreditError
from credit.lifecycle.groups import DEEPEST
from credit.models import CreditAccount
from journal.models import Entry
from staff.roles import Role
from tests.factories import credit, orders
from tests.factories.credit import exchange_rate, in_group, reserve
from tests.factories.moments import NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person
from tests.factories.traces import everything, group_use

pytestmark = pytest.mark.django_db


def ancestors(account):
    return CreditAccount.objects.get(pk=account.pk).ancestors


def chain(length):
    """Accounts of which each is in the group of the one before."""
    accounts = [credit.account() for _ in range(length)]
    for parent, member in pairwise(accounts):
        in_group(member, parent)
    return accounts


def test_join_group_brings_everything_below_along():
    top, (head, middle, leaf) = credit.account(), chain(3)
    for account, amount in ((head, "1.00"), (middle, "2.00"), (leaf, "4.00")):
        reserve(account, amount)
    in_group(head, top)
    assert [ancestors(each) for each in (head, middle, leaf)] == [
        [top.pk], [head.pk, top.pk], [middle.pk, head.pk, top.pk],
    ]  # fmt: skip
    assert (group_use(top), group_use(head)) == ({"CNY": "7.00"}, {"CNY": "6.00"})


def test_join_group_moves_the_use_by_currency_out_of_the_old_groups():
    old, top, new = credit.account(), credit.account(), credit.account()
    head, member = credit.account(currency="USD"), credit.account()
    for account, parent in ((old, top), (new, top), (head, old), (member, head)):
        in_group(account, parent)
    reserve(head, "1.00")
    reserve(member, "2.00")
    in_group(head, new)
    assert ancestors(member) == [head.pk, new.pk, top.pk]
    assert (group_use(old), group_use(new)) == ({}, {"USD": "1.00", "CNY": "2.00"})
    assert group_use(top) == {"USD": "1.00", "CNY": "2.00"}
    in_group(member, None)
    assert ancestors(member) == []
    assert group_use(top) == group_use(new) == {"USD": "1.00"}


def test_join_group_journals_where_from_and_where_to():
    by, (old, member), new = person("credit_analyst"), chain(2), credit.account()
    in_group(member, new, by=by, reason=" bought ")
    entry = Entry.objects.about(member).latest("pk")
    assert (entry.action, entry.by, entry.at) == ("credit.group_changed", by, NOW)
    assert (entry.reason, entry.data) == ("bought", {"before": old.pk, "after": new.pk})


@pytest.mark.parametrize("below", [0, 1, 2])
def test_join_group_refuses_a_circle(below):
    accounts = chain(3)
    before = everything()
    with pytest.raises(CreditError, match="below itself"):
        in_group(accounts[0], accounts[below], by=person("credit_analyst"))
    assert everything() == before


def test_join_group_refuses_more_levels_than_can_be():
    deep = chain(DEEPEST)
    in_group(credit.account(), deep[-1])
    with pytest.raises(CreditError, match="at most 5"):
        in_group(deep[0], credit.account())
    with pytest.raises(CreditError, match="at most 5"):
        in_group(chain(3)[0], deep[3])


def test_join_group_refuses_without_a_reason_and_where_nothing_changes():
    parent, member = chain(2)
    for reason, group in ((" ", None), ("-", parent)):
        with pytest.raises(CreditError):
            in_group(member, group, reason=reason)


def test_join_group_of_an_unknown_account():
    gone = CreditAccount(pk=10**9)
    for member, parent in ((gone, None), (credit.account(), gone)):
        with pytest.raises(CreditAccount.DoesNotExist):
            in_group(member, parent)


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.CREDIT_ANALYST}))
def test_join_group_refuses_everybody_but_the_analyst(role):
    parent, member, by = credit.account(), credit.account(), person(role)
    before = everything()
    with pytest.raises(PermissionDenied):
        in_group(member, parent, by=by)
    assert everything() == before


def test_join_group_undoes_everything_when_the_journal_refuses():
    parent, member, by = credit.account(), credit.account(), person("credit_analyst")
    reserve(member, "1.00")
    before = everything()
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        in_group(member, parent, by=by)
    assert everything() == before
    assert group_use(parent) == {}


def test_submit_counts_members_in_other_currencies_at_the_days_rate():
    parent, sister = credit.account("100.00"), credit.account(currency="USD")
    member = credit.account()
    for each in (sister, member):
        in_group(each, parent)
    exchange_rate("USD", "CNY", "7.10")
    orders.submit(orders.draft(sister, "10.00", lines=[orders.line("10.00")]))
    assert group_use(parent) == {"USD": "10.00"}
    assert orders.submit(orders.draft(member, "29.01")).state == "credit_failed"
    assert orders.submit(orders.draft(member, "29.00")).state == "approved"


def test_submit_of_a_member_as_the_group_takes_from_the_group_alone():
    parent, member = credit.account("100.00"), credit.account(kind="group")
    assert orders.submit(orders.draft(member, "1.00")).state == "credit_failed"
    in_group(member, parent)
    assert orders.submit(orders.draft(member, "100.00")).state == "approved"
    assert orders.submit(orders.draft(member, "0.01")).state == "credit_failed"


@pytest.mark.parametrize("level", [0, 1, 2])
def test_submit_asks_every_group_above(level):
    accounts = chain(4)
    credit.limits([accounts[level]], "90.00")
    for total, state in (("90.01", "credit_failed"), ("90.00", "approved")):
        order = orders.submit(orders.draft(accounts[3], total))
        assert order.state == state
    refused = order.account.orders.get(state="credit_failed").decisions.get()
    assert refused.reason_codes == {"group_limit"}
    assert str(refused.excess) == "0.01"
