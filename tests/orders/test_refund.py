from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from credit.models import Allocation, InvoiceAdjustment, Receipt, Refund
from orders.errors import InFuture, OrderError
from orders.models import Order, OrderRefund
from tests.factories import credit, orders
from tests.factories.moments import HOUR, NOW
from tests.factories.staff import person
from tests.factories.traces import balances, differing, everything, journal, last_entry, ledger
from tests.orders.pages import as_role, words

pytestmark = pytest.mark.django_db


def overpaid(extra="10.00"):
    return orders.pay(orders.released("90.00"), Decimal("90.00") + Decimal(extra))


def returned():
    """Ten pieces invoiced and paid in full, of which three came back."""
    order = orders.pay(orders.invoice(orders.ship(orders.in_pieces("10.00"))))
    return orders.return_goods(order, "3")


def fresh(order):
    return Order.objects.get(pk=order.pk)


def test_refund_gives_an_overpayment_back():
    order = orders.refund(overpaid())
    assert (order.paid_amount, order.overpaid, order.unpaid) == (90, 0, 0)
    assert order.paid_at == NOW
    assert ledger(order)[-1] == ("refund", "paid", "", "10.00")
    assert balances(order.account) == {"paid": "90.00"}


def test_refund_keeps_its_document():
    by, order = person("finance"), overpaid()
    orders.refund(
        order, "4", by=by, method="card", reference="R-1", reason="paid twice",
        happened_at=NOW - HOUR,
    )  # fmt: skip
    made = OrderRefund.objects.get()
    assert (made.amount, made.method, made.reference, made.reason) == (
        4,
        "card",
        "R-1",
        "paid twice",
    )
    assert (made.at, made.recorded_by) == (NOW - HOUR, by)
    document = Refund.objects.get()
    assert (document.amount, document.reference, document.receipt.order_id) == (4, "R-1", order.pk)
    assert Receipt.objects.get().unallocated == 96


def test_refund_journals_one_entry_with_its_figures():
    by, order = person("finance"), overpaid()
    before = len(journal(order))
    orders.refund(order, "4.00", by=by, reference="R-1")
    assert journal(order, since=before) == [("order.refunded", "approved", "approved", by.pk)]
    assert last_entry(order).reason == "paid twice"
    assert last_entry(order).data == {
        "amount": "4.00", "reference": "R-1", "paid": "96.00", "currency": "CNY",
    }  # fmt: skip


def test_refund_of_a_cancelled_order_gives_back_all_that_was_paid_in_advance():
    order = orders.cancel(orders.pay(orders.released("90.00"), "40.00"))
    assert order.overpaid == 40
    order = orders.refund(order)
    assert (order.paid_amount, order.paid_at, balances(order.account)) == (0, None, {})


def test_refund_of_a_draft_makes_it_unpaid_again():
    order = orders.take_back(orders.pay(orders.failed("90.00"), "90.00"))
    order = orders.refund(order, "90.00")
    assert (order.paid_at, order.unpaid) == (None, 90)


def test_refund_for_returned_goods_leaves_a_credit_note_on_their_invoice():
    order = orders.refund(returned(), reference="R-1")
    assert (order.paid_amount, order.credit_due, order.credited_amount) == (70, 0, 30)
    note = InvoiceAdjustment.objects.get()
    assert (note.kind, note.amount, note.invoice.open_amount) == ("credit", 30, 0)
    standing = Allocation.objects.standing().get()
    assert (standing.amount, Receipt.objects.get().unallocated) == (70, 0)
    assert balances(order.account) == {"paid": "70.00"} and not differing()


def test_refund_for_returned_goods_leaves_the_invoice_settled_as_it_was():
    order = returned()
    day = order.account.invoices.get().settled_on
    orders.refund(order, at=NOW + timedelta(days=5))
    assert order.account.invoices.get().settled_on == day


def test_refund_takes_money_of_a_customers_receipt_that_paid_the_returned_goods():
    order = orders.invoice(orders.ship(orders.in_pieces("10.00")))
    credit.receipt(order.account, "100.00", allocate="oldest")
    orders.return_goods(order, "3")
    order = orders.refund(fresh(order))
    assert (order.paid_amount, balances(order.account)) == (70, {"paid": "70.00"})
    assert not differing()


def test_refund_of_a_completed_order_settles_what_its_invoice_claims():
    order = orders.pay(orders.invoice(orders.delivered("90.00")), "80.00")
    order = orders.return_goods(order, "1")
    assert (order.overpaid, order.credit_due) == (80, 90)
    credit.credited(order.account.invoices.get(), "10.00")
    assert fresh(order).state == "completed"
    order = orders.refund(fresh(order))
    assert (order.state, order.credit_due, order.paid_amount) == ("completed", 0, 0)


def test_refund_frees_no_credit():
    account = credit.account("100.00")
    orders.refund(orders.pay(orders.submit(orders.draft(account, "90.00")), "100.00"))
    waiting = orders.submit(orders.draft(account, "101.00"))
    assert waiting.state == "credit_failed"


@pytest.mark.parametrize("amount", ["0", "-1", "10.01", "0.001", "NaN", "Infinity"])
def test_refund_refuses_impossible_amounts_and_more_than_is_free(amount):
    order = overpaid()
    before = everything()
    with pytest.raises(OrderError):
        orders.refund(order, amount)
    assert everything() == before


def test_refund_refuses_money_that_is_still_claimed():
    with pytest.raises(OrderError, match="At most 0"):
        orders.refund(orders.pay(orders.released("90.00"), "40.00"), "1.00")


def test_refund_refuses_a_reference_twice():
    order = orders.refund(overpaid(), "4", reference="R-1")
    with pytest.raises(OrderError, match="R-1 is recorded already"):
        orders.refund(order, "4", reference="R-1")


def test_refund_needs_a_reason():
    with pytest.raises(OrderError, match="Write why"):
        orders.refund(overpaid(), reason=" ")


def test_refund_refuses_a_moment_to_come():
    with pytest.raises(InFuture):
        orders.refund(overpaid(), happened_at=NOW + HOUR)


def test_refund_of_an_order_in_another_currency_takes_the_last_cent():
    credit.exchange_rate("USD", "CNY", "7.123", NOW.date())
    account = credit.account("5000.00")
    order = orders.submit(orders.draft(account, "33.33", currency="USD"))
    order = orders.cancel(orders.pay(orders.pay(order, "11.11"), "11.11"))
    order = orders.refund(orders.refund(order, "7.77"))
    assert (order.paid_amount, balances(account), differing()) == (0, {}, [])


def test_refund_documents_stay_as_they_are():
    orders.refund(overpaid())
    for model in (Refund, OrderRefund):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(amount=1)


def test_refund_by_its_form_suggests_all_that_is_free():
    order, client = overpaid(), as_role("finance")
    page = f"/orders/{order.pk}/refund/"
    assert client.get(page).context["form"]["amount"].value() == "10.00"
    given = {"amount": "10.00", "method": "transfer", "reference": "R-1", "reason": "paid twice"}
    client.post(page, given | {"happened_at": "2026-03-01T12:00:00"})
    text = words(client.get(f"/orders/{order.pk}/"))
    assert "<td>Refund</td>" in text and "paid twice" in text
    assert "10.00 CNY given back, reference R-1; 90.00 CNY stays paid." in text


def test_page_offers_the_refund_to_those_who_may():
    order = overpaid()
    shown = {
        role: words(as_role(role).get(f"/orders/{order.pk}/")) for role in ("finance", "auditor")
    }
    assert all("10.00 CNY was paid and is not owed" in text for text in shown.values())
    assert "Give money back" in shown["finance"] and "Give money back" not in shown["auditor"]


def test_receivables_of_the_customer_list_the_refund():
    order = orders.refund(overpaid(), reference="R-1")
    text = words(as_role("finance").get(f"/customers/{order.customer_id}/receivables/"))
    assert "Given back" in text and "R-1" in text
    assert "Refunded" in words(as_role("finance").get(f"/customers/{order.customer_id}/documents/"))
