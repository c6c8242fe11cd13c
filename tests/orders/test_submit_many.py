import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders import lifecycle
from orders.errors import OrderError, WrongState
from orders.lifecycle.draft import NewDraft
from orders.models import Order
from rules.subjects import get
from tests.factories import credit, orders, policies
from tests.factories.moments import NOW
from tests.factories.staff import person
from tests.factories.traces import balances, everything, journal
from tests.orders import both_ways

pytestmark = pytest.mark.django_db


def submitted(*made, by=None):
    ids = [order.pk for order in made]
    return lifecycle.submit_many(order_ids=ids, by=by or made[0].owner, at=NOW)


@pytest.mark.parametrize("seed", range(8))
def test_submit_many_leaves_what_submitting_one_by_one_leaves(seed):
    world = both_ways.world(seed)
    ids = both_ways.drafts(world, 40)
    single = both_ways.left_by(both_ways.one_by_one, ids, world.by)
    bulk = both_ways.left_by(both_ways.at_once, ids, world.by)
    for part, rows in single.items():
        assert bulk[part] == rows, part


def test_submit_many_answers_in_the_order_of_the_question():
    account = credit.account("100.00")
    large, small = orders.draft(account, "120.00"), orders.draft(account, "60.00")
    answers = submitted(large, small)
    assert [answer.decision.outcome for answer in answers] == ["failed", "passed"]
    assert [answer.order.pk for answer in answers] == [large.pk, small.pk]
    assert balances(account) == {"reserved": "60.00"}


def test_submit_many_refuses_each_by_itself_and_leaves_no_trace_of_it():
    account, stranger = credit.account(), credit.account()
    good, done = orders.draft(account), orders.submit(orders.draft(account))
    empty, foreign = orders.draft(account), orders.draft(stranger)
    empty.lines.all().delete()
    Order.objects.filter(pk=empty.pk).update(net=0, tax=0, total=0)
    before = [len(journal(order)) for order in (done, empty, foreign)]
    answers = submitted(good, done, empty, foreign)
    refusals = [type(answer.refusal) for answer in answers]
    assert refusals == [type(None), WrongState, OrderError, PermissionDenied]
    assert [len(journal(order)) for order in (done, empty, foreign)] == before
    assert Order.objects.get(pk=good.pk).state == "approved"


def test_submit_many_counts_an_order_after_the_one_before_it():
    policies.set_rules(
        policies.rule("often", {"fact": "order.count_24h", "op": "more_than", "value": "2"})
    )
    account, other = credit.account(), credit.account()
    made = [orders.draft(each) for each in (account, other, account, account)]
    answers = submitted(*made, by=person("sales_manager"))
    assert [answer.decision.outcome for answer in answers] == ["passed"] * 3 + ["failed"]


def test_submit_many_takes_as_many_statements_for_twenty_orders_as_for_two():
    account, other = credit.account(), credit.account()
    by, counted = person("sales_manager"), []
    by.get_all_permissions()
    for number in (1, 1, 10):
        made = [orders.draft(each) for each in (account, other) for _ in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            submitted(*made, by=by)
        counted.append(len(asked))
    assert counted[1] == counted[2]


def test_submit_many_of_nothing_does_nothing():
    assert lifecycle.submit_many(order_ids=[], by=person("sales"), at=NOW) == []


def test_facts_that_look_at_other_orders_say_so():
    for fact in get("order").facts:
        query = str(Order.objects.annotate(asked=fact.column(NOW)).values("asked").query)
        whole = getattr(fact, "whole", None)
        if callable(whole):
            query += str(Order.objects.annotate(asked=whole(NOW)).values("asked").query)
        elsewhere = query.count('"orders_order" U0') + query.count('"orders_order" V0')
        assert fact.of_others == bool(elsewhere), fact.name


def draft_of(account, *totals, currency="CNY"):
    lines = [orders.line(total) for total in totals]
    return NewDraft(account.customer_id, orders.header(currency=currency, note="soon"), lines)


def left_by_entering(enter, drafts, by):
    """Rows and journal of new orders, by the place at which each was entered."""

    def told():
        made = enter(drafts, by)
        rows = Order.objects.filter(pk__in=[order.pk for order in made]).order_by("pk")
        lines = [list(order.lines.values()) for order in rows]
        stripped = [{k: v for k, v in row.items() if k not in ("id", "order_id")}
                    for line in lines for row in line]  # fmt: skip
        orders_ = [{k: v for k, v in row.items() if k not in ("id", "number")}
                   for row in rows.values()]  # fmt: skip
        return orders_, stripped, [journal(order) for order in rows]

    return both_ways.left_by(told)["told"]


def one_by_one(drafts, by):
    return [
        lifecycle.create_draft(
            customer_id=draft.customer_id, header=draft.header, lines=draft.lines, by=by, at=NOW
        )
        for draft in drafts
    ]


def together(drafts, by):
    return [answer.order for answer in lifecycle.create_drafts(drafts=drafts, by=by, at=NOW)]


def test_create_drafts_leaves_what_creating_one_by_one_leaves():
    accounts, by = [credit.account(), credit.account()], person("sales_manager")
    drafts = [draft_of(accounts[n % 2], "10.00", f"{n}.50") for n in range(1, 6)]
    single = left_by_entering(one_by_one, drafts, by)
    assert left_by_entering(together, drafts, by) == single


def test_create_drafts_refuses_each_by_itself():
    account, stranger = credit.account(), credit.account()
    drafts = [draft_of(account, "10.00"), draft_of(stranger, "10.00"),
              draft_of(account, "10.00", currency="XXX")]  # fmt: skip
    made = lifecycle.create_drafts(drafts=drafts, by=account.customer.owner, at=NOW)
    refusals = [type(answer.refusal) for answer in made]
    assert refusals == [type(None), PermissionDenied, OrderError]
    assert Order.objects.get().number == made[0].order.number


def test_create_drafts_of_nothing_writes_nothing():
    before = everything()
    assert lifecycle.create_drafts(drafts=[], by=person("sales"), at=NOW) == []
    assert everything() == before
