from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from credit import lifecycle
from credit.lifecycle import CreditError
from credit.models import Allocation, Invoice, LedgerEntry, Receipt
from journal.models import Entry
from orders.models import Order
from staff.roles import Role
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person
from tests.factories.traces import balances, differing, everything, journal, last_entry, ledger

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
EARLIER_DAY = TODAY - timedelta(days=10)


def left(*invoices):
    return [Invoice.objects.get(pk=invoice.pk).open_amount for invoice in invoices]


def moves(account):
    entries = LedgerEntry.objects.filter(account=account).order_by("pk")
    return [(e.movement, e.from_bucket, e.to_bucket, e.amount, e.document) for e in entries]


def test_record_receipt_pays_the_oldest_due_first():
    account = credit.account()
    young, old = credit.owed(account, "50", TODAY), credit.owed(account, "30", EARLIER_DAY)
    made = credit.receipt(account, "60", allocate="oldest", reference="B-1")
    assert left(old, young) == [0, 20]
    assert (made.unallocated, balances(account)) == (0, {"receivable": "20.00", "paid": "60.00"})
    assert moves(account)[2:] == [
        ("allocate", "receivable", "paid", 30, "B-1"),
        ("allocate", "receivable", "paid", 30, "B-1"),
    ]


def test_record_receipt_writes_the_journal():
    account = credit.account()
    invoice, by = credit.owed(account, "50", TODAY), person("finance")
    credit.receipt(account, "60", allocate="oldest", reference="B-1", by=by)
    entries = Entry.objects.order_by("pk")[1:]
    told = [(e.action, e.subject_type, e.by_id, Decimal(e.data["amount"])) for e in entries]
    assert told == [
        ("credit.receipt_recorded", "credit.receipt", by.pk, 60),
        ("credit.receipt_allocated", "credit.invoice", by.pk, 50),
    ]
    assert entries[1].subject_id == invoice.pk


def test_record_receipt_without_an_invoice_lowers_nothing():
    account = credit.account()
    made = credit.receipt(account, "60", allocate="oldest")
    assert (made.amount, made.unallocated, balances(account)) == (60, 60, {})
    assert not LedgerEntry.objects.exists()


def test_record_receipt_counts_from_the_day_on_which_the_money_came():
    account = credit.account()
    invoice = credit.owed(account, "50", TODAY - timedelta(days=20))
    credit.receipt(account, "50", allocate="oldest", received_on=EARLIER_DAY)
    invoice.refresh_from_db()
    assert (invoice.settled_on, Allocation.objects.get().effective_on) == (EARLIER_DAY, EARLIER_DAY)
    assert LedgerEntry.objects.latest("pk").at.astimezone().date() <= EARLIER_DAY


def test_record_receipt_before_the_invoice_counts_from_the_invoice():
    account = credit.account()
    invoice = credit.owed(account, "50", TODAY, issued_on=TODAY)
    credit.receipt(account, "50", allocate="oldest", received_on=EARLIER_DAY)
    invoice.refresh_from_db()
    assert invoice.settled_on == TODAY


def test_record_receipt_leaves_out_what_is_disputed():
    account = credit.account()
    old, young = credit.owed(account, "30", EARLIER_DAY), credit.owed(account, "50", TODAY)
    credit.disputed(old, "20")
    credit.receipt(account, "40", allocate="oldest")
    assert left(old, young) == [20, 20]


def test_record_receipt_goes_where_it_is_told():
    account = credit.account()
    old, young = credit.owed(account, "30", EARLIER_DAY), credit.owed(account, "50", TODAY)
    plan = [(young.pk, Decimal("45.00")), (old.pk, Decimal("5.00"))]
    made = credit.receipt(account, "60", allocate=plan)
    assert (left(old, young), made.unallocated) == ([25, 5], 10)


def test_record_receipt_writes_off_a_residue_on_request():
    account = credit.account()
    old, young = credit.owed(account, "30", EARLIER_DAY), credit.owed(account, "50", TODAY)
    credit.receipt(
        account,
        "78.50",
        allocate=[(old.pk, Decimal("29.00")), (young.pk, Decimal("48.99"))],
        write_off_residue=True,
    )
    assert left(old, young) == [0, Decimal("1.01")]
    assert old.adjustments.get().kind == "write_off"
    assert not differing()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"amount": "0"}, "more than 0"),
        ({"amount": "-5"}, "more than 0"),
        ({"amount": "1.005"}, "whole cents"),
        ({"amount": "NaN"}, "more than 0"),
        ({"received_on": TODAY + timedelta(days=1)}, "future"),
        ({"reference": "B-1"}, "recorded already"),
    ],
)
def test_record_receipt_refuses(values, words):
    account = credit.account()
    credit.owed(account, "50", TODAY)
    credit.receipt(account, "1", reference="B-1")
    before = everything()
    with pytest.raises(CreditError, match=words):
        credit.receipt(account, **{"amount": "10", "allocate": "oldest"} | values)
    assert everything() == before


def plans():
    yield "twice", lambda a, b, other: [(a.pk, Decimal(1)), (a.pk, Decimal(1))], "only once"
    yield "too much", lambda a, b, other: [(a.pk, Decimal(31))], "more than the 30.00"
    yield "nothing", lambda a, b, other: [(a.pk, Decimal(0))], "more than 0"
    yield "other", lambda a, b, other: [(other.pk, Decimal(1))], "does not belong"
    yield "sum", lambda a, b, other: [(a.pk, Decimal(30)), (b.pk, Decimal(11))], "40"


@pytest.mark.parametrize(("plan", "words"), [p[1:] for p in plans()], ids=[p[0] for p in plans()])
def test_record_receipt_refuses_a_plan(plan, words):
    account = credit.account()
    old, young = credit.owed(account, "30", EARLIER_DAY), credit.owed(account, "50", TODAY)
    other = credit.owed(credit.account(), "50", TODAY)
    by, before = person("finance"), everything()
    with pytest.raises(CreditError, match=words):
        credit.receipt(account, "40", allocate=plan(old, young, other), by=by)
    assert everything() == before


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.FINANCE}))
def test_record_receipt_refuses_other_roles(role):
    account, by = credit.account(), person(role)
    before = everything()
    with pytest.raises(PermissionDenied):
        credit.receipt(account, "40", by=by)
    assert everything() == before


def test_record_receipt_leaves_nothing_when_the_journal_cannot_be_written():
    account, by = credit.account(), person("finance")
    credit.owed(account, "50", TODAY)
    before = everything()
    with pytest.raises(IntegrityError), transaction.atomic(), refuse_inserts(Entry):
        credit.receipt(account, "50", allocate="oldest", by=by)
    assert everything() == before


def test_allocate_takes_what_was_left():
    account, by = credit.account(), person("finance")
    made = credit.receipt(account, "60")
    invoice = credit.owed(account, "50", TODAY)
    lifecycle.allocate(receipt_id=made.pk, parts="oldest", by=by, at=NOW)
    made.refresh_from_db()
    assert (left(invoice), made.unallocated, balances(account)) == ([0], 10, {"paid": "50.00"})


def test_allocate_refuses_where_nothing_is_open():
    account, by = credit.account(), person("finance")
    made = credit.receipt(account, "60")
    with pytest.raises(CreditError, match="no open invoice"):
        lifecycle.allocate(receipt_id=made.pk, parts="oldest", by=by, at=NOW)


def test_allocate_refuses_money_of_an_order():
    order = orders.released("90.00")
    orders.pay(order, "40.00")
    by, made = person("finance"), Receipt.objects.get()
    before = everything()
    with pytest.raises(CreditError, match="stays with it"):
        lifecycle.allocate(receipt_id=made.pk, parts="oldest", by=by, at=NOW)
    assert everything() == before


def test_unallocate_makes_the_invoice_owed_again():
    account, by = credit.account(), person("finance")
    invoice = credit.owed(account, "50", TODAY)
    found = credit.allocated(invoice, "50")
    credit.undone(found, by=by, at=NOW + DAY)
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.settled_on) == (50, None)
    assert (Receipt.objects.get().unallocated, balances(account)) == (50, {"receivable": "50.00"})
    assert moves(account)[-1][:4] == ("unallocate", "paid", "receivable", 50)
    entry = Entry.objects.latest("pk")
    told = (entry.action, entry.reason, entry.by)
    assert told == ("credit.allocation_undone", "wrong customer", by)


@pytest.mark.parametrize(("reason", "words"), [(" ", "Write why"), ("again", "undone already")])
def test_unallocate_refuses(reason, words):
    found = credit.allocated(credit.owed(credit.account(), "50", TODAY), "50")
    if reason == "again":
        credit.undone(found)
    by, before = person("finance"), everything()
    with pytest.raises(CreditError, match=words):
        credit.undone(found, reason=reason, by=by)
    assert everything() == before


def test_unallocate_refuses_other_roles():
    found = credit.allocated(credit.owed(credit.account(), "50", TODAY), "50")
    with pytest.raises(PermissionDenied):
        credit.undone(found, by=person("credit_analyst"))


def test_database_keeps_the_figures_of_documents():
    found = credit.allocated(credit.owed(credit.account(), "50", TODAY), "50")
    for change in (
        lambda: Receipt.objects.update(amount=60),
        lambda: Allocation.objects.update(amount=60),
        lambda: Allocation.objects.all().delete(),
        lambda: Receipt.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    found.refresh_from_db()
    assert found.amount == 50


def test_receipt_completes_the_order_of_its_invoice():
    order = orders.invoice(orders.delivered("90.00"))
    by = person("finance")
    credit.receipt(order.account, "90", allocate="oldest", by=by)
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.paid_amount, order.paid_at) == ("completed", 90, NOW)
    assert ledger(order)[-1] == ("allocate", "receivable", "paid", "90.00")
    assert [entry[0] for entry in journal(order)[-3:]] == [
        "credit.receipt_allocated",
        "order.paid",
        "order.completed",
    ]


def test_receipt_for_a_part_leaves_the_order_unpaid():
    order = orders.invoice(orders.delivered("90.00"))
    credit.receipt(order.account, "40", allocate="oldest")
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.paid_amount, order.paid_at) == ("delivered", 40, None)
    assert orders.pay(order, "50.00").state == "completed"
    assert not differing()


def test_unallocate_leaves_a_completed_order_unpaid():
    order = orders.invoice(orders.delivered("90.00"))
    credit.receipt(order.account, "90", allocate="oldest")
    credit.undone(Allocation.objects.get())
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.paid_amount, order.paid_at) == ("completed", 0, None)
    assert last_entry(order).action == "order.payment_undone"
    assert not differing()


def test_payment_of_an_order_leaves_its_documents():
    order = orders.invoice(orders.shipped("90.00"))
    orders.pay(order, "40.00", reference="B-1")
    made, found = Receipt.objects.get(), Allocation.objects.get()
    assert (made.order_id, made.amount, made.unallocated) == (order.pk, 40, 0)
    assert (made.reference, made.source, found.amount) == ("B-1", "order", 40)


def test_prepayment_of_an_order_covers_its_invoice():
    order = orders.released("90.00")
    orders.pay(order, "40.00")
    orders.invoice(order)
    found = Invoice.objects.get()
    assert (found.amount, found.open_amount) == (90, 50)
    assert Allocation.objects.get().amount == 40
    assert Receipt.objects.get().unallocated == 0
    assert balances(order.account) == {"receivable": "50.00", "paid": "40.00"}


def test_overpayment_of_an_order_stays_with_its_receipt():
    order = orders.invoice(orders.shipped("90.00"))
    orders.pay(order, "100.00")
    assert Receipt.objects.get().unallocated == 10
    assert balances(order.account) == {"paid": "100.00"}
