from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from credit.models import Promise
from journal.models import Entry
from orders.conditions import ConditionInput, progress
from orders.enums import ConditionKind, Source
from orders.errors import ConditionsOpen, OrderError
from orders.models import Order, ReleaseCondition
from tests.factories import credit, orders
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person, superuser
from tests.factories.traces import balances, everything, journal
from tests.orders.test_reconsider import amend as amended

pytestmark = pytest.mark.django_db


def conditional(*wanted, total="90.00", **values):
    return orders.conditional(orders.failed(total, **values), *wanted)


def in_ten(*wanted, price="10.00", **values):
    """Ten pieces of an order over its limit, released on conditions."""
    account = credit.account("50.00", **values)
    lines = [orders.line(price, quantity="10")]
    return orders.conditional(orders.submit(orders.draft(account, lines=lines)), *wanted)


def states(order):
    return list(order.conditions.order_by("pk").values_list("state", flat=True))


# Setting them


def test_approve_sets_conditions_with_the_release():
    order = conditional(orders.prepay("30"), orders.guarantee(" letter  of credit "))
    first, second = order.conditions.order_by("pk")
    assert (first.kind, first.percent, first.state) == ("prepay_percent", 30, "open")
    assert (second.kind, second.text, second.order_version) == ("guarantee", "letter of credit", 1)
    assert first.decision == order.decisions.latest("pk") and first.set_at == NOW
    assert [e[0] for e in journal(order)][-3:] == ["order.approved"] + ["order.condition_set"] * 2


@pytest.mark.parametrize(
    "wanted",
    [
        [orders.prepay("0")],
        [orders.prepay("100.01")],
        [orders.prepay("33.333")],
        [orders.guarantee("  ")],
        [orders.guarantee("x" * 201)],
        [orders.up_to("0")],
        [orders.up_to("90.00")],
        [orders.pay_within(0)],
        [orders.pay_within(366)],
        [ConditionInput(ConditionKind.PREPAY)],
        [ConditionInput("other", percent=Decimal(3))],
        [ConditionInput(ConditionKind.PREPAY, percent=Decimal(3), days=3)],
        [orders.prepay("30"), orders.prepay("40"), orders.prepay("40")],
        [orders.prepay("30"), orders.prepay("40")],
        [orders.guarantee("a"), orders.guarantee(" a")],
    ],
)
def test_approve_refuses_impossible_conditions(wanted):
    order, by = orders.failed("90.00"), person("credit_analyst")
    before = everything()
    with pytest.raises(OrderError), transaction.atomic():
        orders.conditional(order, *wanted, by=by)
    assert everything() == before


def test_approve_takes_several_documents():
    order = conditional(orders.guarantee("a"), orders.guarantee("b"))
    assert states(order) == ["open", "open"]


def test_approve_undoes_everything_when_a_condition_cannot_be_written():
    order, by = orders.failed("90.00"), person("credit_analyst")
    before = everything()
    with refuse_inserts(ReleaseCondition), pytest.raises(IntegrityError), transaction.atomic():
        orders.conditional(order, orders.prepay(), by=by)
    assert everything() == before


# Prepayment


@pytest.mark.parametrize(
    ("percent", "total", "paid", "ships"),
    [
        ("30", "90.00", "27.00", True),
        ("30", "90.00", "26.99", False),
        ("33.33", "100.01", "33.34", True),  # 33.333… is not there yet with 33.33
        ("33.33", "100.01", "33.33", False),
        ("100", "90.00", "90.00", True),
        ("100", "90.00", "89.99", False),
    ],
)
def test_prepayment_is_exact_to_the_cent(percent, total, paid, ships):
    order = orders.pay(conditional(orders.prepay(percent), total=total), paid)
    assert states(order) == ["met" if ships else "open"]
    if ships:
        assert orders.ship(order).state == "shipped"
        return
    with pytest.raises(ConditionsOpen, match=f"{paid} of"):
        orders.ship(order)


def test_prepayment_is_met_in_the_transaction_of_the_payment():
    order = conditional(orders.prepay())
    by = person("finance")
    orders.pay(order, "50.00", by=by, happened_at=NOW)
    condition = order.conditions.get()
    assert (condition.state, condition.met_at, condition.met_by) == ("met", NOW, None)
    entry = Entry.objects.for_order(order.pk).get(action="order.condition_met")
    assert entry.by == by and entry.data["paid"] == "50.00"


def test_prepayment_counts_what_was_paid_before():
    order = orders.failed("90.00")
    orders.pay(order, "27.00")
    order = orders.conditional(order, orders.prepay())
    assert states(order) == ["met"] and orders.ship(order).state == "shipped"


def test_prepayment_that_is_taken_off_again_is_open_again():
    order = orders.invoice(conditional(orders.prepay("100")))
    invoice = order.account.invoices.get()
    allocation = credit.allocated(invoice, "90.00")
    assert states(order) == ["met"]
    credit.undone(allocation)
    assert states(order) == ["open"]
    with pytest.raises(ConditionsOpen):
        orders.ship(order)


def test_prepayment_given_back_with_the_goods_leaves_nothing_to_prepay():
    order = orders.ship_part(orders.pay(in_ten(orders.prepay("50")), "100.00"), "4")
    orders.return_goods(order, "4")
    order = orders.refund(order, "40.00")
    assert (order.unpaid, states(order)) == (0, ["met"])
    assert orders.ship(order).state == "shipped"


def test_prepayment_is_in_the_currency_of_the_order():
    credit.exchange_rate("USD", "CNY", "7.0")
    account = credit.account("50.00")
    order = orders.submit(orders.draft(account, "90.00", currency="USD"))
    order = orders.pay(orders.conditional(order, orders.prepay()), "26.99")
    assert progress(order.conditions.get(), order) == "26.99 of 27.00 USD prepaid"
    assert states(orders.pay(order, "0.01")) == ["met"]


# Documents


def test_document_keeps_the_goods_until_it_is_confirmed():
    order = conditional(orders.guarantee("bank guarantee"))
    with pytest.raises(ConditionsOpen, match="“bank guarantee” must be received"):
        orders.ship(order)
    met = orders.meet(order.conditions.get(), evidence=" letter 12 ")
    assert (met.state, met.evidence, met.met_at) == ("met", "letter 12", NOW)
    assert orders.ship(order).state == "shipped"


def test_meet_condition_journals_who_and_what():
    order, by = conditional(orders.guarantee()), person("credit_analyst")
    orders.meet(order.conditions.get(), by=by)
    entry = Entry.objects.for_order(order.pk).latest("pk")
    assert (entry.action, entry.by, entry.reason) == ("order.condition_met", by, "letter 12")


@pytest.mark.parametrize(
    "role",
    ["sales", "sales_manager", "approver_1", "warehouse", "administrator", "auditor"],
)
def test_meet_condition_is_refused_without_the_right(role):
    condition, by = conditional(orders.guarantee()).conditions.get(), person(role)
    before = everything()
    with pytest.raises(PermissionDenied):
        orders.meet(condition, by=by)
    assert everything() == before


@pytest.mark.parametrize("field", ["owner", "submitted_by"])
def test_meet_condition_is_refused_to_those_who_sell_the_order(field):
    order, by = conditional(orders.guarantee()), superuser()
    Order.objects.filter(pk=order.pk).update(**{field: by})
    with pytest.raises(PermissionDenied):
        orders.meet(order.conditions.get(), by=by)


def test_meet_condition_is_refused_to_who_looks_after_the_customer():
    order, by = conditional(orders.guarantee()), superuser()
    order.customer.owner = by
    order.customer.save()
    with pytest.raises(PermissionDenied):
        orders.meet(order.conditions.get(), by=by)


def test_meet_condition_needs_evidence():
    condition = conditional(orders.guarantee()).conditions.get()
    with pytest.raises(OrderError, match="evidence"):
        orders.meet(condition, evidence=" ")


def test_meet_condition_happens_once():
    condition = conditional(orders.guarantee()).conditions.get()
    orders.meet(condition)
    with pytest.raises(OrderError, match="not open any more"):
        orders.meet(condition)


@pytest.mark.parametrize("wanted", [orders.prepay(), orders.up_to("10.00"), orders.pay_within()])
def test_meet_condition_is_for_documents_alone(wanted):
    condition = conditional(wanted).conditions.get()
    with pytest.raises(OrderError, match="order itself"):
        orders.meet(condition)


def test_ship_names_every_open_condition():
    order = conditional(orders.prepay(), orders.guarantee(), orders.up_to("40.00"))
    with pytest.raises(ConditionsOpen) as told:
        orders.ship(order)
    text = str(told.value)
    assert "30% must be paid" in text and "bank guarantee" in text and "40.00 CNY" in text


def test_conditions_keep_parts_back_as_well():
    order = in_ten(orders.prepay())
    with pytest.raises(ConditionsOpen):
        orders.ship_part(order, "1")


def test_history_ships_whatever_its_conditions():
    order = conditional(orders.prepay())
    Order.objects.filter(pk=order.pk).update(history=True, source=Source.IMPORT)
    assert orders.ship(order).state == "shipped"


# A limited amount


def test_limited_amount_reserves_what_is_released():
    order = in_ten(orders.up_to("40.00"))
    assert (order.unreleased, balances(order.account)) == (60, {"reserved": "40.00"})


def test_limited_amount_ships_up_to_it_and_no_further():
    order = in_ten(orders.up_to("45.00"))
    with pytest.raises(ConditionsOpen, match=r"45\.00 CNY more may ship"):
        orders.ship_part(order, "5")
    order = orders.ship_part(order, "3")
    assert balances(order.account) == {"reserved": "15.00", "delivered": "30.00"}
    with pytest.raises(ConditionsOpen, match=r"15\.00 CNY more"):
        orders.ship_part(order, "2")
    order = orders.ship_part(order, "1")
    assert balances(order.account) == {"reserved": "5.00", "delivered": "40.00"}


@pytest.mark.parametrize(("amount", "ships"), [("40.00", True), ("39.99", False)])
def test_limited_amount_is_exact_to_the_cent(amount, ships):
    order = in_ten(orders.up_to(amount))
    if ships:
        assert orders.ship_part(order, "4").state == "partly_shipped"
        return
    with pytest.raises(ConditionsOpen):
        orders.ship_part(order, "4")


def test_limited_amount_counts_goods_that_came_back():
    order = orders.return_goods(orders.ship_part(in_ten(orders.up_to("40.00")), "4"), "2")
    with pytest.raises(ConditionsOpen):
        orders.ship_part(order, "1")


def test_limited_amount_invoices_and_is_paid_to_the_cent():
    order = orders.ship_part(in_ten(orders.up_to("40.00")), "4")
    order = orders.invoice(order)
    assert (order.invoiced_amount, order.invoiced_at) == (40, None)
    assert balances(order.account) == {"receivable": "40.00"}
    order = orders.pay(order, "40.00")
    assert (order.paid_at, order.unpaid) == (None, 60)
    with pytest.raises(OrderError):
        orders.invoice(order, "0.01")


def test_limited_amount_ends_when_the_rest_is_given_up():
    order = orders.pay(orders.invoice(orders.ship_part(in_ten(orders.up_to("40.00")), "4")), "40")
    order = orders.close_short(order)
    assert (order.unreleased, order.owed, states(order)) == (0, 40, ["met"])
    assert balances(order.account) == {"paid": "40.00"}
    order = orders.deliver(order)
    assert order.state == "completed"


@pytest.mark.parametrize("paid", ["0.01", "15.00", "40.00", "55.00", "100.00"])
@pytest.mark.parametrize("when", ["before", "after", "last"])
def test_limited_amount_leaves_nothing_behind(paid, when):
    order = orders.failed("50.01", limit="1.00")
    order = orders.submit(orders.draft(order.account, lines=[orders.line("10.00", quantity="10")]))
    if when == "before":
        orders.pay(order, paid)
    order = orders.conditional(order, orders.up_to("55.00"))
    order = orders.ship_part(order, "2")
    order = orders.pay(order, paid) if when == "after" else order
    order = orders.invoice(orders.close_short(orders.ship_part(order, "3")))
    order = orders.pay(order, paid) if when == "last" else order
    owed = max(50 - Decimal(paid), 0)
    held = {name: amount for name, amount in balances(order.account).items() if name != "paid"}
    assert held == ({"receivable": f"{owed:.2f}"} if owed else {})
    assert (order.unpaid, order.unreleased) == (owed, 0)


def test_limited_amount_is_in_the_currency_of_the_order():
    credit.exchange_rate("USD", "CNY", "7.0")
    account = credit.account("50.00")
    lines = [orders.line("10.00", quantity="10")]
    order = orders.submit(orders.draft(account, lines=lines, currency="USD"))
    order = orders.ship_part(orders.conditional(order, orders.up_to("45.00")), "4")
    assert balances(account) == {"reserved": "35.00", "delivered": "280.00"}
    order = orders.pay(order, "45.00")
    assert balances(account) == {"paid": "315.00"} and order.unpaid == 55


# Payment within days


def test_payment_within_days_becomes_a_promise():
    order = conditional(orders.pay_within(15))
    promise = Promise.objects.get()
    assert (promise.order_id, promise.amount, promise.state) == (order.pk, 90, "open")
    assert promise.due_on == (NOW + 15 * DAY).date() and promise.account == order.account
    assert orders.ship(order).state == "shipped"


def test_payment_within_days_promises_what_is_left_to_pay():
    order = orders.failed("90.00")
    orders.pay(order, "20.00", at=NOW - HOUR)
    orders.conditional(order, orders.pay_within())
    assert Promise.objects.get().amount == 70


def test_payment_within_days_promises_in_the_currency_of_the_account():
    credit.exchange_rate("USD", "CNY", "7.0")
    order = orders.submit(orders.draft(credit.account("50.00"), "90.00", currency="USD"))
    orders.conditional(order, orders.pay_within())
    assert Promise.objects.get().amount == 630


def test_payment_within_days_is_met_when_the_order_is_paid():
    order = orders.pay(conditional(orders.pay_within()), "89.99")
    assert states(order) == ["open"]
    assert states(orders.pay(order, "0.01")) == ["met"]


def test_payment_within_days_follows_what_is_owed():
    order = orders.ship_part(in_ten(orders.pay_within()), "6")
    orders.return_goods(order, "1")
    assert Promise.objects.get().amount == 90
    orders.close_short(order)
    assert Promise.objects.get().amount == 50


def test_payment_within_days_of_a_part_promises_that_part():
    in_ten(orders.pay_within(), orders.up_to("40.00"))
    assert Promise.objects.get().amount == 40


# Releases that are void, and those that survive


def test_cancel_drops_conditions_and_promises():
    order = conditional(orders.prepay(), orders.guarantee(), orders.pay_within())
    orders.meet(order.conditions.get(kind="guarantee"))
    order = orders.cancel(order)
    assert states(order) == ["dropped"] * 3
    assert Promise.objects.get().state == "withdrawn"


def test_amend_beyond_the_release_drops_its_conditions():
    order = conditional(orders.prepay(), orders.up_to("40.00"), orders.pay_within())
    order = amended(order, "900.00")
    assert (order.state, order.unreleased, states(order)) == ("credit_failed", 0, ["dropped"] * 3)
    assert Promise.objects.get().state == "withdrawn"
    orders.conditional(order, orders.guarantee(), orders.pay_within())
    assert states(order) == ["dropped"] * 3 + ["open"] * 2
    assert Promise.objects.get(state="open").amount == 900


def test_amend_within_the_release_judges_by_the_new_total():
    order = orders.pay(conditional(orders.prepay("50"), orders.pay_within()), "30.00")
    assert states(order) == ["open", "open"]
    order = amended(order, "60.00")
    assert states(order) == ["met", "open"] and Promise.objects.get().amount == 60
    with pytest.raises(OrderError):
        orders.meet(order.conditions.first())


def test_amend_down_to_the_limited_amount_meets_it():
    order = conditional(orders.up_to("40.00"))
    order = amended(order, "50.00")
    assert order.unreleased == 10
    order = amended(order, "40.00")
    assert (order.unreleased, states(order)) == (0, ["met"])
    assert orders.ship(order).state == "shipped"


def test_amend_keeps_what_is_reserved_to_what_is_released():
    order = amended(conditional(orders.up_to("40.00")), "35.00")
    assert balances(order.account) == {"reserved": "35.00"}
    order = amended(conditional(orders.up_to("40.00")), "50.00")
    assert balances(order.account) == {"reserved": "40.00"}


def test_release_that_is_renewed_keeps_its_conditions():
    order = conditional(orders.prepay(), limit="80.00")
    orders.pay(order, "20.00")
    late = NOW + timedelta(days=31)
    with pytest.raises(ConditionsOpen):
        orders.ship(order, at=late)
    assert Order.objects.get(pk=order.pk).state == "approved" and states(order) == ["open"]


def test_release_that_lapsed_drops_its_conditions():
    order = conditional(orders.prepay("10"))
    orders.pay(order, "9.00")
    with pytest.raises(OrderError):
        orders.ship(order, at=NOW + timedelta(days=31))
    assert states(order) == ["dropped"]


# What the database refuses


@pytest.mark.parametrize(
    "change",
    [
        "percent = 1",
        "kind = 'amount'",
        "set_at = now()",
        "order_id = 0",
        "state = 'met'",
        "state = 'met', met_at = now(), met_by_id = set_by_id",
        "state = 'dropped'",
        "evidence = 'letter'",
        "state = 'lost'",
    ],
)
def test_condition_cannot_be_changed_behind_the_verbs(change):
    conditional(orders.prepay())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE orders_releasecondition SET {change}")


@pytest.mark.parametrize("seller", ["owner_id", "submitted_by_id"])
def test_condition_cannot_be_confirmed_by_the_seller_in_sql(seller):
    conditional(orders.guarantee())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE orders_releasecondition c SET state = 'met', met_at = now(),
            evidence = 'letter', met_by_id = o.{seller} FROM orders_order o
            WHERE o.id = c.order_id"""
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders_releasecondition SET state = 'open', met_at = NULL, met_by_id = NULL,"
        " evidence = ''",
        "UPDATE orders_releasecondition SET evidence = 'another'",
        "UPDATE orders_releasecondition SET met_by_id = set_by_id",
        "DELETE FROM orders_releasecondition",
    ],
)
def test_condition_once_confirmed_stays_so(statement):
    orders.meet(conditional(orders.guarantee()).conditions.get())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_condition_once_dropped_stays_so():
    orders.cancel(conditional(orders.guarantee()))
    with pytest.raises(DatabaseError), transaction.atomic():
        ReleaseCondition.objects.update(state="open", dropped_at=None)
