"""The findings of a run as a file for a spreadsheet, row by row."""

import csv
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders.models import BacktestFinding, BacktestRun
from orders.models.backtest import BacktestFindingQuerySet
from orders.reasons import line
from staff.models import User
from staff.sheets import safe

# Lets Excel see that the file is UTF-8.
_MARK = "\ufeff"


class _Echo:
    """Gives each written line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def finding_lines(
    run: BacktestRun,
    findings: BacktestFindingQuerySet,
    *,
    user: User,
    language: str,
    zone: tzinfo,
) -> Iterator[str]:
    """The lines of a CSV file with one finding each, for `user`, in `language`, times in `zone`.

    The rows are sent after the request's own language is put back, so it comes along.
    """
    writer = csv.writer(_Echo())
    rows = findings.select_related("customer").order_by("pk").iterator(chunk_size=1000)
    with translation.override(language):
        yield _MARK + writer.writerow(safe(heading) for heading in _headings(run))
    for finding in rows:
        with translation.override(language), timezone.override(zone):
            cells = _cells(run, finding, user)
        yield writer.writerow([safe(cell) for cell in cells])


def _headings(run: BacktestRun) -> list[str]:
    found = [
        _("Number"), _("Kind"), _("Customer code"), _("Customer"), _("When"), _("Amount"),
        _("Currency"), _("Excess"), _("Currency of the account"), _("What came of it"),
        _("Days late"), _("Held by %(version)s") % {"version": run.name}, _("Reasons"),
    ]  # fmt: skip
    if run.compared_name:
        found += [_("Held by %(version)s") % {"version": run.compared_name}, _("Reasons")]
    return found


def _cells(run: BacktestRun, finding: BacktestFinding, user: User) -> list[Any]:
    words = {True: _("yes"), False: _("no")}
    at = timezone.localtime(finding.at)
    cells = [
        finding.number, _("Order") if finding.order_id else _("Invoice"), finding.customer.code,
        finding.customer.name, f"{at:%Y-%m-%d %H:%M:%S}", finding.amount, finding.currency,
        finding.excess, finding.credit_currency, str(finding.get_ending_display()),
        finding.days_late, words[finding.held], _told(finding.checks, user),
    ]  # fmt: skip
    if run.compared_name:
        cells += [words[bool(finding.compared_held)], _told(finding.compared_checks or [], user)]
    return cells


def _told(checks: list[dict[str, Any]], user: User) -> str:
    lines = [line(check, user) for check in checks]
    return "\n".join(f"{each.label}: {each.sentence}" for each in lines)
