"""The list of rules as a file for a spreadsheet."""

from collections.abc import Iterable

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from exceptions.detect.models import AlertRule
from exceptions.process.models import Ticket
from staff.models import User
from staff.sheets import Column, Kind, Sheet


def with_open_tickets(rules: Iterable[AlertRule], user: User) -> list[tuple[AlertRule, int]]:
    """The rules, each with how many of its tickets `user` may see are open."""
    tickets = Ticket.objects.for_user(user).open().order_by()
    waiting = dict(tickets.values_list("rule").annotate(Count("pk")))
    return [(rule, waiting.get(rule.pk, 0)) for rule in rules]


def rule_sheet(rules: Iterable[tuple[AlertRule, int]]) -> Sheet:
    """Every rule with how many of its tickets are open."""
    columns = (
        Column(_("Rule"), lambda row: row[0].name),
        Column(_("What it looks for"), lambda row: row[0].current.sentence),
        Column(_("State"), lambda row: row[0].get_state_display()),
        Column(_("Severity"), lambda row: row[0].current.get_severity_display()),
        Column(_("Department"), lambda row: row[0].current.department.name),
        Column(_("Found"), lambda row: row[0].matched, Kind.NUMBER),
        Column(_("Open tickets"), lambda row: row[1], Kind.NUMBER),
        Column(_("Scanned"), lambda row: row[0].scanned_at, Kind.MOMENT),
        Column(_("Error of the scan"), lambda row: row[0].scan_error),
    )
    return Sheet("rules", columns, rules)
