import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from exceptions.detect import scan
from exceptions.models import AlertRuleVersion, Ticket
from exceptions.seed import RULES
from orders.models import Order
from tests.factories import orders, tickets
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
RECORD = {"outcome": "solved", "action": "called", "result": "picked up"}


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def page(client, name, *arguments, **query):
    return client.get(reverse(f"exceptions:{name}", args=arguments), query)


def post(client, name, *arguments, **values):
    return client.post(reverse(f"exceptions:{name}", args=arguments), values)


def shown(response):
    return [ticket for ticket, _clock in response.context["rows"]]


def cause():
    return tickets.record().cause_id


@pytest.mark.parametrize("name, query", [("tickets", {"view": "open"}), ("rules", {})])
def test_lists_cost_the_same_for_many_rows(as_user, django_assert_num_queries, name, query):
    client = as_user(tickets.worker())
    tickets.found()
    page(client, name, **query)
    with django_assert_num_queries(13 if name == "tickets" else 10):
        page(client, name, **query)
    for _ in range(12):
        tickets.paid()
    scan.run(NOW)
    with django_assert_num_queries(13 if name == "tickets" else 10):
        page(client, name, **query)


def test_ticket_list_opens_with_ones_own_queue(as_user):
    by = tickets.worker()
    mine, unclaimed, _others = tickets.assigned(by), tickets.found(), tickets.assigned()
    assert set(shown(page(as_user(by), "tickets"))) == {mine, unclaimed}


def test_ticket_list_shows_sales_the_tickets_of_their_orders(as_user):
    ticket, _other = tickets.found(), tickets.found()
    response = page(as_user(ticket.order.owner), "tickets")
    assert shown(response) == [ticket]
    assert len(response.context["listing"].tabs) == 3


@pytest.mark.parametrize(
    "query, matches",
    [
        ({"severity": "P2"}, True),
        ({"severity": "P1"}, False),
        ({"state": "open"}, True),
        ({"state": "assigned"}, False),
        ({"assignee": "nobody"}, True),
        ({"assignee": "me"}, False),
        ({"clock": "breached"}, True),
        ({"q": "SO-"}, True),
        ({"q": "nothing like it"}, False),
    ],
)
def test_ticket_list_is_narrowed_by(as_user, query, matches):
    tickets.found()
    response = page(as_user(tickets.worker()), "tickets", view="open", **query)
    assert bool(shown(response)) is matches


def test_ticket_list_is_sorted_by_deadline(as_user):
    for hours in (30, 40, 50):
        tickets.paid(hours=hours)
    scan.run(NOW)
    client = as_user(tickets.worker())
    rows = shown(page(client, "tickets", view="open"))
    assert rows == sorted(rows, key=lambda ticket: (ticket.due_at, ticket.pk))


def test_ticket_list_refuses_nonsense_and_says_so(as_user):
    response = page(as_user(tickets.worker()), "tickets", severity="P9", rule="x")
    assert response.status_code == 400


def test_export_is_safe_in_a_spreadsheet(as_user):
    tickets.by_hand(summary="=HYPERLINK(1)")
    response = page(as_user(tickets.worker()), "export", view="open")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["What is wrong"] == "'=HYPERLINK(1)"


def test_take_many_takes_what_it_may(as_user):
    by = tickets.worker()
    mine, foreign = tickets.found(), tickets.by_hand(department_id=finance())
    client = as_user(by)
    response = client.post(
        reverse("exceptions:take_many"), {"pk": [mine.pk, foreign.pk], "query": "view=open"}
    )
    assert response.url == reverse("exceptions:tickets") + "?view=open"
    assert list(Ticket.objects.filter(assignee=by)) == [mine]


def finance():
    return tickets.worker("finance").department_id


def test_ticket_page_says_what_the_rule_saw(as_user):
    ticket = tickets.found()
    content = page(as_user(tickets.worker()), "ticket", ticket.pk).content.decode()
    assert "Paid more than 24 h ago, and not shipped" in content
    assert "30 h 0 min" in content and "not yet" in content


@pytest.mark.parametrize("code, sees", [("sales_manager", True), ("warehouse", False)])
def test_ticket_page_hides_margins_from_whom_they_do_not_concern(as_user, code, sees):
    order = orders.released()
    Order.objects.filter(pk=order.pk).update(net=100, total=100, tax=0, cost=97)
    scan.run(NOW)
    ticket = Ticket.objects.get()
    content = page(as_user(person(code)), "ticket", ticket.pk).content.decode()
    assert ("<strong>3 %</strong>" in content) is sees
    assert ("not shown to you" in content) is not sees


def test_ticket_page_is_missing_for_other_salespeople(as_user):
    ticket = tickets.found()
    assert page(as_user(person("sales")), "ticket", ticket.pk).status_code == 404


def test_verbs_in_the_browser_lead_to_a_closed_ticket(as_user):
    ticket, by = tickets.found(), tickets.worker()
    client = as_user(by)
    for name, values in (
        ("take", {}),
        ("start", {}),
        ("comment", {"text": "hello"}),
        ("close", RECORD | {"cause": cause()}),
    ):
        assert post(client, name, ticket.pk, **values).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.assignee, ticket.closed_by) == ("closed", by, by)


@pytest.mark.parametrize("missing", ["outcome", "cause", "action", "result"])
def test_close_form_names_what_is_missing(as_user, missing):
    ticket = tickets.found()
    values = RECORD | {"cause": cause(), missing: ""}
    response = post(as_user(tickets.worker()), "close", ticket.pk, **values)
    assert response.status_code == 422
    assert list(response.context["forms"]["close"].errors) == [missing]
    assert Ticket.objects.get().state == "open"


def test_close_twice_is_harmless(as_user):
    ticket = tickets.closed()
    client = as_user(tickets.worker())
    response = post(client, "close", ticket.pk, **RECORD, cause=cause())
    assert response.status_code == 302
    assert "is closed" in page(client, "ticket", ticket.pk).content.decode()


def test_assign_form_offers_the_department(as_user):
    ticket, by, colleague = tickets.found(), tickets.worker(), tickets.worker()
    client = as_user(by)
    post(client, "assign", ticket.pk, assignee=colleague.pk)
    assert Ticket.objects.get().assignee == colleague
    assert post(client, "assign", ticket.pk, assignee=person("finance").pk).status_code == 422


def test_order_tickets_is_a_part_or_a_page(as_user):
    ticket = tickets.found()
    client = as_user(tickets.worker())
    url = reverse("exceptions:order_tickets", args=[ticket.order_id])
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert ticket.number in part and "<html" not in part
    assert "<html" in client.get(url).content.decode()


def test_open_form_opens_a_ticket(as_user):
    order = orders.released()
    client = as_user(tickets.worker("customer_service"))
    values = {"summary": "torn box", "severity": "P2", "department": finance()}
    assert post(client, "open", order.pk, **values | {"summary": ""}).status_code == 422
    assert post(client, "open", order.pk, **values).status_code == 302
    assert Ticket.objects.get().title == "torn box"


def thresholds(**values):
    rule = tickets.rule()
    return {
        "value_0": "36",
        "value_0_unit": "hours",
        "severity": "P2",
        "department": rule.version.department_id,
        "note": "fewer alarms",
        "seen_version": "1",
    } | values


def test_rule_page_publishes_new_thresholds(as_user):
    client, rule = as_user(person("finance")), tickets.rule()
    assert post(client, "publish", rule.pk, **thresholds()).status_code == 302
    assert tickets.rule().version.number == 2
    content = page(client, "rule", rule.pk).content.decode()
    assert "Paid more than 36 h ago" in content and "fewer alarms" in content


@pytest.mark.parametrize(
    "values",
    [
        {"value_0": "-1"},
        {"value_0": "soon"},
        {"value_0": "1e30"},
        {"value_0": ""},
        {"value_0_unit": "years"},
        {"severity": "P9"},
        {"note": ""},
    ],
)
def test_rule_page_refuses_impossible_thresholds(as_user, values):
    response = post(
        as_user(person("finance")), "publish", tickets.rule().pk, **thresholds(**values)
    )
    assert response.status_code == 422
    assert AlertRuleVersion.objects.count() == len(RULES)


def test_rule_page_refuses_a_stale_form(as_user):
    client, rule = as_user(person("finance")), tickets.rule()
    post(client, "publish", rule.pk, **thresholds())
    response = post(client, "publish", rule.pk, **thresholds(value_0="48"))
    assert response.status_code == 409
    assert "Somebody changed" in response.content.decode()


def test_rule_page_previews_without_publishing(as_user):
    order = tickets.paid()
    Order.objects.filter(pk=order.pk).update(paid_at=timezone.now())
    response = post(
        as_user(person("finance")),
        "publish",
        tickets.rule().pk,
        **thresholds(value_0="0", note="", preview="1"),
    )
    assert response.context["preview"].count == 1
    assert AlertRuleVersion.objects.count() == len(RULES)


def test_rule_page_switches_a_rule_off(as_user):
    client, rule = as_user(person("finance")), tickets.rule()
    assert post(client, "switch", rule.pk, to="off", reason="").status_code == 422
    post(client, "switch", rule.pk, to="off", reason="stocktaking")
    assert not tickets.rule().is_live


def test_rule_pages_show_a_failing_scan(as_user):
    rule = tickets.rule()
    rule.scan_error = "ConditionError: gone"
    rule.save()
    client = as_user(tickets.worker())
    assert "gone" in page(client, "rule", rule.pk).content.decode()
    assert "Scan failed" in page(client, "rules").content.decode().replace("scan", "Scan")


def test_closed_ticket_is_marked_as_wrongly_raised_on_its_page(as_user):
    ticket, client = tickets.closed(), as_user(tickets.worker())
    address = reverse("exceptions:mark_wrong", args=[ticket.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    told = client.post(address, {"reason": "paid in cash"}, follow=True).content.decode()
    assert "The ticket is marked as wrongly raised." in told and "paid in cash" in told
    assert shown(page(client, "tickets", view="wrong")) == [ticket]
    response = page(client, "export", view="wrong")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["Why it was wrong"] == "paid in cash"


def test_closed_ticket_labels_each_of_its_fields(as_user):
    client = as_user(tickets.worker())
    text = page(client, "ticket", tickets.closed().pk).content.decode()
    for field in ("id_reason", "wrong_reason"):
        assert text.count(f'id="{field}"') == text.count(f'for="{field}"') == 1
