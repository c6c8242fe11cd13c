"""What the watch rules find in the demo company's three months, and what people do about it."""

from datetime import datetime, timedelta

from config.demo.business import Company
from exceptions.detect import scan
from exceptions.models import Cause, Ticket
from exceptions.process import lifecycle
from exceptions.process.enums import Outcome
from exceptions.process.lifecycle import ClosingRecord
from staff.models import User

EVERY = timedelta(hours=12)
# Tickets younger than this are still being worked on.
UNFINISHED = timedelta(days=7)

# What people write into the closing record, by rule.
RECORDS = {
    "paid_unshipped_24h": [
        (
            "warehouse_delay",
            Outcome.SOLVED,
            "与仓库班长核对后安排加急拣货。",
            "次日发出，已告知客户。",
        ),
        (
            "warehouse_delay",
            Outcome.SOLVED,
            "Moved to the early pick wave.",
            "Shipped on the next truck.",
        ),
    ],
    "margin_low": [
        ("price_agreed", Outcome.ACCEPTED, "与销售经理确认为清仓特价。", "按特价放行，已备案。"),
    ],
    "address_keyword": [
        (
            "address_unclear",
            Outcome.FALSE_POSITIVE,
            "联系客户确认最终收货人。",
            "地址属实，正常发货。",
        ),
        (
            "address_unclear",
            Outcome.SOLVED,
            "Asked the customer for the consignee.",
            "Address corrected.",
        ),
    ],
    "promise_broken": [
        (
            "customer_overdue",
            Outcome.SOLVED,
            "与客户财务通话，重新约定付款日期。",
            "客户已按新日期付款。",
        ),
        (
            "customer_overdue",
            Outcome.ACCEPTED,
            "Called the customer: paid a day late, after a bank holiday.",
            "Delivery goes on; the promise stays counted.",
        ),
    ],
}


def watch(company: Company) -> None:
    """Let a scan run every few hours of the play, and somebody take what it finds."""
    at = company.now - timedelta(days=88)
    while at <= company.now:
        company.later(at, lambda then: _scan(company, then))
        at += EVERY


def _scan(company: Company, at: datetime) -> None:
    scan.run(at)
    for ticket in Ticket.objects.filter(opened_at=at).select_related("rule"):
        worker = _worker(company, ticket)
        if worker and ticket.rule and (company.now - at > UNFINISHED or company.rng.random() < 0.4):
            _plan(company, ticket, ticket.rule.code, worker, at)


def _worker(company: Company, ticket: Ticket) -> User | None:
    """The first of the demo's people in the ticket's department who works on tickets."""
    return next(
        (
            user
            for user in company.people.values()
            if user.department_id == ticket.department_id
            and user.has_perm("exceptions.work_ticket")
        ),
        None,
    )


def _plan(company: Company, ticket: Ticket, code: str, worker: User, at: datetime) -> None:
    taken = at + company.hours(0.3, 5)
    company.later(
        taken,
        lambda then: lifecycle.assign(
            ticket_id=ticket.pk, assignee_id=worker.pk, by=worker, at=then
        ),
    )
    started = taken + company.hours(0.1, 3)
    company.later(started, lambda then: lifecycle.start(ticket_id=ticket.pk, by=worker, at=then))
    if company.now - at > UNFINISHED:
        company.later(
            started + company.hours(1, 30), lambda then: _close(company, ticket, code, worker, then)
        )


def _close(company: Company, ticket: Ticket, code: str, worker: User, at: datetime) -> None:
    cause, outcome, action, result = company.rng.choice(RECORDS[code])
    lifecycle.close(
        ticket_id=ticket.pk,
        closing=ClosingRecord(
            outcome=outcome,
            cause_id=Cause.objects.get(code=cause).pk,
            action=action,
            result=result,
            reason=result if outcome == Outcome.FALSE_POSITIVE else "",
        ),
        by=worker,
        at=at,
    )
