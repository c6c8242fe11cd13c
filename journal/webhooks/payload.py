"""What a receiver is told of an entry of the journal: the same words at every try.

Only figures named here leave. Cost, margin, scores, and what a form changed field by field stay
inside, and so does whatever a later version writes until somebody adds its name.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from journal import actions
from journal.models import Entry
from journal.webhooks.subjects import ORDER, Thing, numbers_of

FIGURES = {
    "after": "the value after the change: a total, a day or a class",
    "amount": "money",
    "assignee": "who the ticket is assigned to, by name",
    "before": "the value before the change",
    "carrier": "who carries the goods",
    "cases": "how many orders were judged",
    "cause": "code of the cause of a ticket",
    "change": "how many pieces more or less",
    "check": "code of a credit check",
    "credit_due": "money that the customer is still to be credited",
    "currency": "ISO code of every amount of the event",
    "decision": "number of the credit decision",
    "different": "how many counts differed",
    "due": "a day",
    "due_on": "a day",
    "excess": "money above the limit",
    "forced": "whether a hold stops every step",
    "from": "first day of a limit",
    "imported": "how many rows were imported",
    "kind": "code of the kind of release, limit or flag",
    "left": "money that is left to pay",
    "level": "level of the approval matrix",
    "limit": "number of the limit",
    "lines": "how many lines the order has",
    "number": "number of the document, such as an invoice",
    "on_hand": "pieces in the warehouse",
    "outcome": "code of the outcome",
    "owed": "money that the customer owes",
    "percent": "a percentage",
    "place": "where the carrier scanned the goods",
    "policy": "code of the credit policy",
    "promise": "number of the promise to pay",
    "reason": "code of the reason",
    "reasons": "codes of the reasons",
    "received": "money that was received",
    "reference": "reference of a payment",
    "request": "number of the approval request",
    "reserved": "money of the credit account reserved for the order",
    "round": "round of the approval",
    "rows": "how many counts were taken over",
    "rule": "code of the rule",
    "severity": "severity of a ticket, P1 to P4",
    "sku": "code of a product",
    "source": "code of where a hold, a count or an event came from",
    "ticket": "number of the ticket",
    "total": "money, the total of the order",
    "tracking_number": "number of the shipment",
    "type": "code of the type of limit",
    "until": "last day of a limit",
    "version": "number of a version",
    "warehouse": "number of the warehouse in Ordergate",
    "waived": "codes of the reasons that were waived",
}


def render(entry: Entry) -> str:
    """The body of the message: JSON in one line, its names always in the same order.

    `entry` is best read with its `by`.
    """
    document = {
        "type": entry.action,
        "timestamp": entry.at.astimezone(UTC).isoformat(),
        "data": _data(entry),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _data(entry: Entry) -> dict[str, Any]:
    subject = (entry.subject_type, entry.subject_id)
    order = (ORDER, entry.order_id) if entry.order_id else None
    numbers = numbers_of([subject, order] if order else [subject])
    return {
        "id": entry.pk,
        "subject": _thing(subject, numbers),
        "order": _thing(order, numbers) if order else None,
        "from": entry.from_state or None,
        "to": entry.to_state or None,
        "by": {"id": entry.by_id, "name": str(entry.by)} if entry.by_id else None,
        "reason": entry.reason if entry.reason and actions.told_outside(entry.action) else None,
        "figures": _figures(entry.data),
    }


def _thing(thing: Thing, numbers: Mapping[Thing, str]) -> dict[str, Any]:
    kind, pk = thing
    return {"type": kind.partition(".")[2], "id": pk, "number": numbers.get(thing)}


def _figures(data: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: data[name] for name in FIGURES if name in data and _is_plain(data[name])}
    return {name: _said(value) for name, value in told.items()}


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return not isinstance(value, dict)


def _said(value: Any) -> Any:
    # JSON numbers with a point lose cents in many a receiver.
    return str(value) if isinstance(value, float) else value
