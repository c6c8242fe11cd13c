from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from credit.lifecycle import CreditError
from credit.models import Dispute, Invoice, InvoiceAdjustment, LedgerEntry
from journal.models import Entry
from orders.models import Order
from staff.roles import Role
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person
from tests.factories.traces import balances, differing, everything, journal, ledger

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
VERBS = [
    (credit.credited, "credit", "CN", "credit.credit_noted"),
    (credit.written_off, "write_off", "WO", "credit.written_off"),
]


def owed(amount="50", **values):
    return credit.owed(credit.account(), amount, TODAY, **values)


@pytest.mark.parametrize(("verb", "kind", "prefix", "action"), VERBS)
def test_adjustment_lowers_the_invoice_without_money(verb, kind, prefix, action):
    invoice, by = owed(number="R-7"), person("finance")
    made = verb(invoice, "20", by=by)
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.settled_on) == (30, None)
    assert (made.kind, made.number, made.amount) == (kind, f"{prefix}-R-7", 20)
    entry = LedgerEntry.objects.latest("pk")
    assert (entry.movement, entry.from_bucket, entry.to_bucket) == (kind, "receivable", "")
    assert (entry.amount, entry.document, entry.invoice) == (20, f"{prefix}-R-7", invoice)
    assert balances(invoice.account) == {"receivable": "30.00"}
    told = Entry.objects.latest("pk")
    assert (told.action, told.by, told.subject_id) == (action, by, invoice.pk)


@pytest.mark.parametrize(("verb", "kind", "prefix", "action"), VERBS)
def test_adjustment_of_the_rest_settles_the_invoice(verb, kind, prefix, action):
    invoice = owed(number="R-7")
    credit.allocated(invoice, "20")
    verb(invoice, "10")
    second = verb(invoice, "20")
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.settled_on) == (0, TODAY)
    assert second.number == f"{prefix}-R-7-2"


@pytest.mark.parametrize("verb", [row[0] for row in VERBS])
@pytest.mark.parametrize(
    ("amount", "reason", "words"),
    [
        ("50.01", "why", "more than the 50.00"),
        ("0", "why", "more than 0"),
        ("0.001", "why", "whole cents"),
        ("10", " ", "Write why"),
    ],
)
def test_adjustment_refuses(verb, amount, reason, words):
    invoice, by = owed(), person("finance")
    before = everything()
    with pytest.raises(CreditError, match=words):
        verb(invoice, amount, reason=reason, by=by)
    assert everything() == before


@pytest.mark.parametrize("verb", [row[0] for row in VERBS])
@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.FINANCE}))
def test_adjustment_refuses_other_roles(verb, role):
    invoice, by = owed(), person(role)
    before = everything()
    with pytest.raises(PermissionDenied):
        verb(invoice, "10", by=by)
    assert everything() == before


@pytest.mark.parametrize("verb", [row[0] for row in VERBS])
def test_adjustment_leaves_nothing_when_the_journal_cannot_be_written(verb):
    invoice, by = owed(), person("finance")
    before = everything()
    with pytest.raises(IntegrityError), transaction.atomic(), refuse_inserts(Entry):
        verb(invoice, "10", by=by)
    assert everything() == before


def test_credit_note_refuses_a_number_that_is_taken():
    first, second = owed(), owed()
    credit.credited(first, "10", number="CN-1")
    by, before = person("finance"), everything()
    with pytest.raises(CreditError, match="CN-1 is taken"):
        credit.credited(second, "10", number="CN-1", by=by)
    assert everything() == before


def test_credit_note_completes_an_order_that_is_paid_for_the_rest():
    order = orders.invoice(orders.delivered("90.00"))
    orders.pay(order, "60.00")
    credit.credited(Invoice.objects.get(), "30")
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.paid_amount, order.paid_at) == ("completed", 60, NOW)
    assert ledger(order)[-1] == ("credit", "receivable", "", "30.00")
    assert [entry[0] for entry in journal(order)[-2:]] == ["credit.credit_noted", "order.completed"]


def test_write_off_of_a_part_leaves_the_order_unpaid():
    order = orders.invoice(orders.delivered("90.00"))
    credit.written_off(Invoice.objects.get(), "30")
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.paid_at) == ("delivered", None)
    assert (order.unpaid, order.written_off, order.overpaid) == (60, 30, 0)
    assert orders.pay(order, "60.00").state == "completed"
    assert not differing()


def test_write_off_makes_what_is_paid_beyond_the_rest_free():
    order = orders.invoice(orders.delivered("90.00"))
    credit.written_off(Invoice.objects.get(), "30")
    assert orders.pay(order, "90.00").overpaid == 30


def test_write_off_of_a_part_is_not_asked_for_again_before_the_rest_ships():
    account = credit.account("100.00")
    lines = [orders.line("10.00", quantity="10")]
    order = orders.ship_part(orders.submit(orders.draft(account, lines=lines)), "4")
    orders.invoice(order)
    credit.written_off(Invoice.objects.get(), "10")
    orders.submit(orders.draft(account, "10.00"))
    order = orders.ship(order, at=NOW + timedelta(days=31))
    assert (order.state, order.unpaid) == ("shipped", 90)


def test_database_keeps_adjustments():
    credit.credited(owed(), "10")
    for change in (
        lambda: InvoiceAdjustment.objects.update(amount=5),
        lambda: InvoiceAdjustment.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_open_dispute_marks_the_amount():
    invoice, by = owed(), person("credit_analyst")
    found = credit.disputed(invoice, "20", by=by, note="two pieces short")
    invoice.refresh_from_db()
    assert (invoice.disputed_amount, invoice.open_amount) == (20, 50)
    assert (found.opened_at, found.opened_by, found.outcome) == (NOW, by, "")
    entry = Entry.objects.latest("pk")
    told = (entry.action, entry.reason, entry.subject_id)
    assert told == ("credit.dispute_opened", "two pieces short", invoice.pk)
    assert balances(invoice.account) == {"receivable": "50.00"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"amount": "50.01"}, "more than the 50.00"),
        ({"amount": "0"}, "more than 0"),
        ({"reason": "moon"}, "Choose what"),
        ({"reason": "other"}, "Say in the note"),
    ],
)
def test_open_dispute_refuses(values, words):
    invoice, by = owed(), person("finance")
    before = everything()
    with pytest.raises(CreditError, match=words):
        credit.disputed(invoice, **{"amount": "10", "by": by} | values)
    assert everything() == before


def test_open_dispute_refuses_a_second_one():
    invoice, by = owed(), person("finance")
    credit.disputed(invoice, "10")
    before = everything()
    with pytest.raises(CreditError, match="disputed already"):
        credit.disputed(invoice, "10", by=by)
    assert everything() == before


def test_open_dispute_is_for_salespeople_with_their_own_customers():
    owner = person("sales")
    invoice = credit.owed(credit.account(owner=owner), "50", TODAY)
    with pytest.raises(PermissionDenied):
        credit.disputed(invoice, "10", by=person("sales"))
    with pytest.raises(PermissionDenied):
        credit.disputed(invoice, "10", by=person("warehouse"))
    assert credit.disputed(invoice, "10", by=owner).opened_by == owner


def test_resolve_dispute_frees_the_amount():
    invoice, by = owed(), person("finance")
    found = credit.resolved(credit.disputed(invoice, "20"), outcome="withdrawn", by=by)
    invoice.refresh_from_db()
    assert (invoice.disputed_amount, invoice.open_amount) == (0, 50)
    assert (found.outcome, found.resolved_at, found.resolved_by) == ("withdrawn", NOW, by)
    assert Entry.objects.latest("pk").action == "credit.dispute_resolved"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"outcome": "settled"}, "Choose how"),
        ({"outcome": "moon"}, "Choose how"),
        ({"note": " "}, "Write how"),
    ],
)
def test_resolve_dispute_refuses(values, words):
    found, by = credit.disputed(owed(), "20"), person("finance")
    before = everything()
    with pytest.raises(CreditError, match=words):
        credit.resolved(found, by=by, **values)
    assert everything() == before


def test_resolve_dispute_happens_once():
    found = credit.resolved(credit.disputed(owed(), "20"))
    by, before = person("finance"), everything()
    with pytest.raises(CreditError, match="resolved already"):
        credit.resolved(found, by=by)
    with pytest.raises(PermissionDenied):
        credit.resolved(found, by=person("approver_1"))
    assert everything()[Dispute] == before[Dispute]


def test_dispute_shrinks_with_what_is_open_and_ends_with_it():
    invoice = owed()
    credit.disputed(invoice, "40")
    credit.allocated(invoice, "20")
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.disputed_amount) == (30, 30)
    credit.allocated(invoice, "30")
    assert (Dispute.objects.get().outcome, invoice.disputes.open().exists()) == ("settled", False)


def test_dispute_grows_back_when_an_allocation_is_undone():
    invoice = owed()
    credit.disputed(invoice, "40")
    credit.undone(credit.allocated(invoice, "20"))
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.disputed_amount) == (50, 40)


def test_open_item_is_owed_at_once():
    invoice = credit.owed(credit.account(), "50", TODAY + timedelta(days=30), number="X-1")
    assert (invoice.order_id, invoice.source, invoice.open_amount) == (None, "form", 50)
    entry = LedgerEntry.objects.get()
    told = (entry.movement, entry.from_bucket, entry.to_bucket, entry.order_id)
    assert told == ("opening", "", "receivable", None)
    assert balances(invoice.account) == {"receivable": "50.00"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"amount": "0"}, "more than 0"),
        ({"issued_on": TODAY + timedelta(days=1)}, "future"),
        ({"due_on": TODAY - timedelta(days=1), "issued_on": TODAY}, "before it is issued"),
        ({"number": "X-1"}, "is taken"),
        ({"number": " "}, "its number"),
    ],
)
def test_open_item_refuses(values, words):
    account, by = credit.account(), person("finance")
    credit.owed(account, "10", TODAY, number="X-1")
    before = everything()
    with pytest.raises(CreditError, match=words):
        credit.owed(
            account, **{"amount": "50", "due_on": TODAY, "by": by, "number": "X-2"} | values
        )
    assert everything() == before


def test_open_item_refuses_other_roles():
    with pytest.raises(PermissionDenied):
        credit.owed(credit.account(), "50", TODAY, by=person("credit_analyst"))
    assert Decimal(0) == Invoice.objects.count()
