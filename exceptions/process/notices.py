"""What people are told about tickets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exceptions.process.models import Ticket
from exceptions.triage.enums import Severity
from staff.inbox import declare, notify
from staff.models import User

_OPENED = "ticket.opened"


def _subject(data: Mapping[str, Any]) -> str:
    return _("%(person)s opened ticket %(ticket)s for your department") % data


def _text(data: Mapping[str, Any]) -> str:
    due = timezone.localtime(parse_datetime(data["due"]))
    return _(
        "%(summary)s\nOrder %(order)s of %(customer)s. %(severity)s, to be answered by %(due)s."
    ) % {
        **data,
        "severity": Severity(data["severity"]).label,
        "due": formats.date_format(due, "DATETIME_FORMAT"),
    }


declare(
    _OPENED,
    label=gettext_lazy("Ticket for your department"),
    subject=_subject,
    text=_text,
    icon="ticket",
)


def tell_department(ticket: Ticket, *, by: User, at: datetime) -> None:
    """Tell those who work on the tickets of the department, except whoever opened this one.

    For tickets that people open about an order: those of rules come by the hundred, and wait in
    the queue.
    """
    workers = User.objects.with_perm(
        "exceptions.work_ticket", backend="django.contrib.auth.backends.ModelBackend"
    ).filter(department_id=ticket.department_id)
    order: Any = ticket.order
    notify(
        to=workers.exclude(pk=by.pk).values_list("pk", flat=True),
        kind=_OPENED,
        data={
            "person": by.display_name,
            "ticket": ticket.number,
            "summary": ticket.summary,
            "order": order.number,
            "customer": order.customer.name,
            "severity": ticket.severity,
            "due": ticket.respond_due_at,
        },
        path=reverse("exceptions:ticket", args=[ticket.pk]),
        key=f"{_OPENED}:{ticket.pk}",
        at=at,
    )
