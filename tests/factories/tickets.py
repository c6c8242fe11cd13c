"""Orders that rules find, and tickets brought to each state by the verbs themselves."""

from datetime import timedelta

from exceptions.detect import scan
from exceptions.detect.models import AlertRule
from exceptions.models import Cause, Ticket
from exceptions.process import lifecycle
from exceptions.process.enums import Outcome
from exceptions.process.lifecycle import ClosingRecord
from exceptions.triage.enums import Severity
from orders.lifecycle.draft import create_draft
from orders.models import Order
from tests.factories import credit, orders
from tests.factories.moments import EARLIER, HOUR, NOW
from tests.factories.staff import department, person

KEYWORD = "Room 3, P.O. Box 77, Qingdao"


def rule(code="paid_unshipped_24h"):
    return AlertRule.objects.get(code=code)


def paid(hours=30, **account_values):
    """An order paid so many hours before NOW, and not shipped."""
    order = orders.submit(orders.draft(credit.account(**account_values), at=EARLIER), at=EARLIER)
    return orders.pay(order, happened_at=NOW - hours * HOUR)


def addressed(address=KEYWORD, *, at=EARLIER, **account_values):
    """A released order that goes to the address."""
    account = credit.account(**account_values)
    made = create_draft(
        customer_id=account.customer_id,
        header=orders.header(ship_to_address=address),
        lines=[orders.line()],
        by=account.customer.owner,
        at=at,
    )
    return orders.submit(made, at=at)


def move(order, address):
    """Change where the order goes, as no verb can once it is submitted."""
    Order.objects.filter(pk=order.pk).update(ship_to_address=address)


def found(**account_values):
    """The ticket that a scan opened for an order that was paid and not shipped."""
    order = paid(**account_values)
    scan.run(NOW)
    return Ticket.objects.get(order=order)


def worker(code="warehouse"):
    """Somebody who works on tickets, in the department of that code."""
    return person(code, department=department(code))


def assigned(by=None, **account_values):
    ticket, by = found(**account_values), by or worker()
    return lifecycle.assign(ticket_id=ticket.pk, assignee_id=by.pk, by=by, at=NOW)


def started(by=None):
    ticket = assigned(by)
    return lifecycle.start(ticket_id=ticket.pk, by=ticket.assignee, at=NOW)


def record(**values):
    values = {
        "outcome": Outcome.SOLVED,
        "cause_id": Cause.objects.get(code="carrier_delay").pk,
        "action": "called the carrier",
        "result": "picked up",
    } | values
    return ClosingRecord(**values)


def close(ticket, *, by=None, at=NOW + timedelta(hours=1), **values):
    return lifecycle.close(ticket_id=ticket.pk, closing=record(**values), by=by or worker(), at=at)


def closed(by=None):
    return close(found(), by=by)


def by_hand(order=None, **values):
    values = {
        "summary": "two of five boxes are missing",
        "severity": Severity.P3,
        "department_id": department().pk,
        "at": NOW,
    } | values
    values["by"] = values.get("by") or person("customer_service")
    return lifecycle.open_by_hand(order_id=(order or orders.released()).pk, **values)


def ticket_in(state):
    return {"open": found, "assigned": assigned, "in_progress": started, "closed": closed}[state]()
