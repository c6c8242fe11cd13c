from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from credit import lifecycle
from credit.enums import LimitKind
from credit.exposure import Move, OrderExposure
from credit.models import CreditAccount, Invoice, LedgerEntry
from journal.models import Entry
from staff.roles import Role
from tests.factories import credit, orders
from tests.factories.moments import EARLIER, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person
from tests.factories.traces import balances, everything

pytestmark = pytest.mark.django_db


def change(account, kind, amount=None, *, by=None, reason="grown", **values):
    return lifecycle.take_over_limit(
        account_id=account.pk,
        limit=lifecycle.LimitInput(
            kind=kind, amount=None if amount is None else Decimal(amount), **values
        ),
        reason=reason,
        by=by or person("credit_analyst"),
        at=NOW,
    )


def post(account, *moves, order_id=7):
    lifecycle.post(
        account=account, moves=moves, order_id=order_id, document="SO-7", by=None, at=EARLIER
    )


def move(movement, from_bucket, to_bucket, amount):
    return Move(movement, from_bucket, to_bucket, Decimal(amount))


def limit_of(account):
    return CreditAccount.objects.with_limits(NOW.date()).get(pk=account.pk).effective_limit


def test_take_over_limit_takes_over_from_the_base_limit_before():
    account = credit.account("100")
    change(account, LimitKind.AMOUNT, "250.00")
    assert limit_of(account).amount == 250
    assert account.limits.count() == 2


@pytest.mark.parametrize("kind", [LimitKind.NONE, LimitKind.UNLIMITED])
def test_take_over_limit_of_a_kind_without_amount(kind):
    account = credit.account("100")
    change(account, kind)
    assert limit_of(account).kind == kind


def test_take_over_limit_journals_what_was_granted():
    by, account = person("credit_analyst"), credit.account("100")
    made = change(account, LimitKind.AMOUNT, "250.00", by=by)
    entry = Entry.objects.about(account).get()
    assert (entry.action, entry.by, entry.at) == ("credit.limit_changed", by, NOW)
    assert (entry.reason, entry.order_id) == ("grown", None)
    assert entry.data == {"limit": made.pk, "currency": "CNY"} | made.as_facts()


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        ("amount", None),
        ("amount", "-0.01"),
        ("amount", "1E+17"),
        ("amount", "0.001"),
        ("amount", "NaN"),
        ("none", "5"),
        ("unlimited", "5"),
        ("generous", None),
    ],
)
def test_take_over_limit_refuses_a_limit_that_makes_no_sense(kind, amount):
    account, by = credit.account("100"), person("credit_analyst")
    before = everything()
    with pytest.raises(lifecycle.CreditError):
        change(account, kind, amount, by=by)
    assert everything() == before


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.CREDIT_ANALYST}))
def test_take_over_limit_refuses_everybody_but_the_analyst(role):
    account, by = credit.account("100"), person(role)
    before = everything()
    with pytest.raises(PermissionDenied):
        change(account, LimitKind.UNLIMITED, by=by)
    assert everything() == before


def test_take_over_limit_undoes_everything_when_the_journal_refuses():
    account, by = credit.account("100"), person("credit_analyst")
    before = everything()
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        change(account, LimitKind.UNLIMITED, by=by)
    assert everything() == before


def test_take_over_limit_below_what_is_used_stops_the_next_order():
    order = orders.released("90.00")
    change(order.account, LimitKind.AMOUNT, "50.00")
    assert orders.submit(orders.draft(order.account, "0.01")).state == "credit_failed"


def test_post_moves_balances_in_the_database_and_in_hand():
    account = credit.account()
    post(account, move("reserve", "", "reserved", "90.00"))
    post(
        account,
        move("pay", "reserved", "paid", "40.00"),
        move("free", "reserved", "", "50.00"),
    )
    assert balances(account) == {"paid": "40.00"}
    assert (account.reserved, account.paid, account.used) == (0, 40, 0)


def test_post_keeps_what_the_entry_says():
    account = credit.account()
    post(account, move("reserve", "", "reserved", "90.00"))
    entry = LedgerEntry.objects.get()
    assert (entry.at, entry.document, entry.order_id, entry.by) == (EARLIER, "SO-7", 7, None)
    assert entry.recorded_at is not None


def test_post_of_nothing_writes_nothing(django_assert_num_queries):
    account = credit.account()
    with django_assert_num_queries(0):
        post(account)


def test_post_refuses_to_take_more_than_the_bucket_holds():
    account = credit.account()
    with pytest.raises(IntegrityError), transaction.atomic():
        post(account, move("ship", "reserved", "delivered", "0.01"))
    assert balances(account) == {}


def test_order_exposure_sums_the_orders_own_entries():
    account = credit.account()
    post(account, move("reserve", "", "reserved", "90.00"), order_id=1)
    post(account, move("reserve", "", "reserved", "5.00"), order_id=2)
    post(account, move("pay", "reserved", "paid", "30.00"), order_id=1)
    assert lifecycle.order_exposure(1) == OrderExposure(reserved=60, paid=30)
    assert lifecycle.order_exposure(3) == OrderExposure()


def test_order_exposure_agrees_with_the_account_along_the_way():
    order = orders.released("90.00")
    for verb in (orders.ship, orders.invoice, orders.deliver, orders.pay):
        held = lifecycle.order_exposure(verb(order).pk)
        stored = CreditAccount.objects.get(pk=order.account_id)
        assert (held.reserved, held.delivered) == (stored.reserved, stored.delivered)
        assert (held.receivable, held.paid) == (stored.receivable, stored.paid)


@pytest.mark.parametrize(
    ("amount", "left"), [("5", [5, 20]), ("10", [0, 20]), ("30", [0, 0]), ("31", [0, 0])]
)
def test_receive_for_order_takes_the_oldest_due_first(amount, left):
    account = credit.account()
    credit.invoice(account, Decimal(20), NOW.date(), order_id=7)
    credit.invoice(account, Decimal(10), EARLIER.date(), order_id=7)
    credit.invoice(account, Decimal(99), EARLIER.date(), order_id=8)
    lifecycle.receive_for_order(
        account=account, order_id=7, amount=Decimal(amount), by=person("finance"), at=NOW
    )
    opened = Invoice.objects.filter(order_id=7).order_by("due_on")
    assert [invoice.open_amount for invoice in opened] == left
    assert Invoice.objects.get(order_id=8).open_amount == 99


def test_lock_takes_one_query(django_assert_num_queries):
    account = credit.account("100")
    with django_assert_num_queries(1):
        assert lifecycle.lock(account.pk) == account
