import pytest
from django.db import IntegrityError, connection

from exceptions.detect import lifecycle as rules
from exceptions.detect import scan
from exceptions.detect.evaluate import holding
from exceptions.models import AlertRule, Scan, Ticket
from exceptions.process import lifecycle
from journal.models import Entry
from orders.models import Order
from tests.factories import orders, tickets
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db
MINUTE = HOUR / 60
ELSEWHERE = "12 High Street"


def actions(order):
    entries = Entry.objects.filter(order_id=order.pk, action__startswith="ticket.").order_by("pk")
    return [entry.action.removeprefix("ticket.") for entry in entries]


def test_scan_opens_one_ticket_however_often_it_runs():
    order = tickets.paid()
    runs = [scan.run(NOW + minutes * MINUTE) for minutes in range(3)]
    assert [(run.rules, run.opened, run.errors) for run in runs] == [
        (5, 1, {}),
        (5, 0, {}),
        (5, 0, {}),
    ]
    ticket = Ticket.objects.get()
    assert (ticket.order, ticket.rule.code, ticket.state) == (order, "paid_unshipped_24h", "open")
    assert actions(order) == ["opened"]


def test_scan_fills_in_severity_department_and_deadlines():
    ticket = tickets.found()
    assert (ticket.severity, ticket.department.code) == ("P2", "warehouse")
    assert ticket.rule_version == tickets.rule().current
    assert ticket.opened_at == NOW
    assert (ticket.respond_due_at, ticket.resolve_due_at) == (NOW + 2 * HOUR, NOW + 24 * HOUR)
    assert ticket.respond_risk_at == NOW + 1.5 * HOUR
    assert ticket.due_at == NOW + 2 * HOUR


def test_scan_keeps_what_the_rule_saw():
    saw = {each["fact"]: each for each in tickets.found().observed}
    assert saw["order.since_payment"]["value"]["seconds"] == 30 * 3600
    assert saw["order.shipped"]["value"] == {"happened": False, "moment": None}
    assert {each["verdict"] for each in saw.values()} == {"true"}


def test_scan_journals_the_opening_as_the_system():
    ticket = tickets.found()
    entry = Entry.objects.about(ticket).get()
    assert (entry.action, entry.by, entry.at) == ("ticket.opened", None, NOW)
    assert (entry.order_id, entry.from_state, entry.to_state) == (ticket.order_id, "", "open")
    assert entry.data == {
        "ticket": ticket.number,
        "rule": "paid_unshipped_24h",
        "severity": "P2",
    }


def test_scan_that_comes_late_still_finds_everything():
    order = tickets.paid(hours=23)
    assert scan.run(NOW).opened == 0
    assert scan.run(NOW + 9 * DAY).opened == 1
    assert Ticket.objects.get().order == order


def test_scan_marks_a_healed_ticket_and_leaves_it_open():
    ticket = tickets.found()
    orders.ship(ticket.order)
    assert scan.run(NOW + HOUR).cleared == 1
    assert scan.run(NOW + 2 * HOUR).cleared == 0
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.cleared_at) == ("open", NOW + HOUR)
    assert actions(ticket.order) == ["opened", "cleared"]


def test_scan_takes_the_mark_back_when_it_recurs():
    order = tickets.addressed()
    scan.run(NOW)
    for number, address in enumerate((ELSEWHERE, tickets.KEYWORD), start=1):
        tickets.move(order, address)
        scan.run(NOW + number * HOUR)
    assert Ticket.objects.get().cleared_at is None
    assert actions(order) == ["opened", "cleared", "recurred"]


def test_scan_opens_no_second_ticket_while_a_closed_one_still_holds():
    ticket = tickets.closed()
    assert scan.run(NOW + 2 * HOUR).opened == 0
    assert actions(ticket.order) == ["opened", "closed"]


def test_scan_opens_a_new_ticket_when_it_ended_and_began_again():
    order = tickets.addressed()
    scan.run(NOW)
    tickets.close(Ticket.objects.get())
    for number, address in enumerate((ELSEWHERE, tickets.KEYWORD), start=2):
        tickets.move(order, address)
        scan.run(NOW + number * HOUR)
    assert [t.state for t in Ticket.objects.order_by("pk")] == ["closed", "open"]
    assert actions(order) == ["opened", "closed", "opened"]


def test_scan_leaves_imported_history_and_ended_orders_alone():
    Order.objects.filter(pk=tickets.paid().pk).update(history=True)
    ended = tickets.paid()
    orders.cancel(ended)
    assert scan.run(NOW + HOUR).opened == 0


def test_scan_leaves_rules_that_are_off_alone():
    tickets.paid()
    rules.switch(
        rule_id=tickets.rule().pk, on=False, reason="stocktaking", by=person("finance"), at=NOW
    )
    assert (scan.run(NOW).rules, Ticket.objects.count()) == (4, 0)


def test_scan_with_an_earlier_moment_than_the_last_does_nothing():
    tickets.found()
    assert scan.run(NOW - 10 * HOUR).rules == 0
    assert Ticket.objects.get().cleared_at is None


def test_scan_finds_what_evaluation_finds_at_the_same_moment():
    for hours in (1, 23, 24, 25, 400):
        tickets.paid(hours=hours / 4)
        tickets.paid(hours=hours)
    scan.run(NOW)
    expected = set(holding(tickets.rule().version.condition, NOW).values_list("pk", flat=True))
    assert len(expected) > 2
    assert set(Ticket.objects.values_list("order", flat=True)) == expected
    assert tickets.rule().matched == len(expected)


def spoil(code):
    # No verb publishes such a condition: this is what a fact taken away would leave behind.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exceptions_alertruleversion DISABLE TRIGGER USER")
        cursor.execute(
            'UPDATE exceptions_alertruleversion SET condition = \'{"fact": "order.gone"}\''
            " WHERE id = %s",
            [tickets.rule(code).current_id],
        )


def test_scan_goes_on_when_one_rule_fails_and_says_so():
    tickets.paid()
    spoil("address_keyword")
    run = scan.run(NOW)
    assert (run.rules, run.opened, list(run.errors)) == (4, 1, ["address_keyword"])
    assert "ConditionError" in tickets.rule("address_keyword").scan_error
    assert not tickets.rule().scan_error


def test_scan_rolls_back_a_rule_whose_journal_cannot_be_written():
    tickets.paid()
    with refuse_inserts(Entry):
        run = scan.run(NOW)
    assert (run.opened, list(run.errors)) == (0, ["paid_unshipped_24h"])
    assert not Ticket.objects.exists()
    assert scan.run(NOW + MINUTE).opened == 1
    assert not tickets.rule().scan_error


def test_scan_keeps_a_month_of_runs():
    scan.run(NOW - 31 * DAY)
    scan.run(NOW)
    assert [run.started_at for run in Scan.objects.all()] == [NOW]


def test_scan_opens_many_in_shares(monkeypatch):
    monkeypatch.setattr(scan, "AT_ONCE", 2)
    for _ in range(5):
        tickets.paid()
    assert scan.run(NOW).opened == 5


def test_scan_costs_the_same_number_of_queries_for_many(django_assert_num_queries):
    tickets.paid()
    scan.run(NOW)
    for _ in range(3):
        tickets.paid(hours=25)
    with django_assert_num_queries(9):
        scan.scan_rule("paid_unshipped_24h", NOW + MINUTE)


def test_database_refuses_a_second_open_ticket_about_the_same():
    ticket = tickets.found()
    with pytest.raises(IntegrityError, match="ticket_open_once_per_rule_and_order"):
        copy_row(ticket)


def copy_row(ticket):
    names = [
        f.column for f in Ticket._meta.concrete_fields if not f.primary_key and not f.generated
    ]
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO exceptions_ticket ({columns}) SELECT {columns} FROM exceptions_ticket"
        )


def test_next_deadline_changes_with_the_response():
    ticket, by = tickets.found(), superuser()
    lifecycle.comment(ticket_id=ticket.pk, text="hm", by=by, at=NOW)
    assert Ticket.objects.get().due_at == ticket.respond_due_at
    tickets.close(ticket)
    assert Ticket.objects.get().due_at == ticket.resolve_due_at


def test_rules_are_seeded_in_three_languages():
    assert AlertRule.objects.count() == 5
    for rule in AlertRule.objects.all():
        assert rule.name_en and rule.name_zh_hans and rule.name_zh_hant
