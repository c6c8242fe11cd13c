"""The findings of a run as a file for a spreadsheet."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import BacktestFinding, BacktestRun
from orders.models.backtest import BacktestFindingQuerySet
from orders.reasons import line
from staff.models import User
from staff.sheets import Column, Kind, Sheet


def finding_sheet(run: BacktestRun, findings: BacktestFindingQuerySet, *, user: User) -> Sheet:
    """One finding in each row, with the reasons as `user` may read them."""
    compared = _version(run.compared_name, "compared_held", "compared_checks", user)
    columns = (
        Column(gettext_lazy("Number"), "number"),
        Column(gettext_lazy("Kind"), _kind),
        Column(gettext_lazy("Customer code"), "customer__code"),
        Column(gettext_lazy("Customer"), "customer__name"),
        Column(gettext_lazy("When"), "at", Kind.MOMENT),
        Column(gettext_lazy("Amount"), "amount", Kind.MONEY),
        Column(gettext_lazy("Currency"), "currency"),
        Column(gettext_lazy("Excess"), "excess", Kind.MONEY),
        Column(gettext_lazy("Currency of the account"), "credit_currency"),
        Column(gettext_lazy("What came of it"), lambda finding: finding.get_ending_display()),
        Column(gettext_lazy("Days late"), "days_late", Kind.NUMBER),
        *_version(run.name, "held", "checks", user),
        *(compared if run.compared_name else ()),
    )
    rows = findings.select_related("customer").order_by("pk")
    return Sheet(f"backtest-{run.pk}", columns, rows)


def _kind(finding: BacktestFinding) -> str:
    return _("Order") if finding.order_id else _("Invoice")


def _version(name: str, held: str, checks: str, user: User) -> tuple[Column, Column]:
    return (
        Column(
            _("Held by %(version)s") % {"version": name},
            lambda finding: bool(getattr(finding, held)),
        ),
        Column(gettext_lazy("Reasons"), _reasons(checks, user)),
    )


def _reasons(name: str, user: User) -> Callable[[BacktestFinding], str]:
    return lambda finding: _told(getattr(finding, name) or [], user)


def _told(checks: list[dict[str, Any]], user: User) -> str:
    lines = [line(check, user) for check in checks]
    return "\n".join(f"{each.label}: {each.sentence}" for each in lines)
