"""The figures as lines of tables, each with what may be said of it and where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from approvals.calibration.arithmetic import Tally
from approvals.calibration.enums import Band, Basis
from approvals.calibration.figures import Figures
from approvals.calibration.naming import approvers, reason_name
from staff.models import User


class Comparison(TextChoices):
    """How a line stands to the orders that were released without approval."""

    NONE = "none"
    UNCLEAR = "unclear"
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True)
class Line:
    """One group of orders. `address` leads to them, without a word about how they were paid."""

    label: str
    tally: Tally
    address: str
    comparison: str = Comparison.NONE.value
    levels: str = ""

    @property
    def bar(self) -> dict[str, str] | None:
        """Ends of the interval and its share, in percent, as coordinates of a drawing."""
        found, percent = self.tally.interval, self.tally.percent
        if found is None or percent is None:
            return None
        width = 100 * (found.high - found.low)
        figures = {"low": 100 * found.low, "width": width, "share": percent}
        return {name: f"{value:.2f}" for name, value in figures.items()}

    @property
    def ends(self) -> tuple[float, float] | None:
        """The ends of the interval in percent."""
        found = self.tally.interval
        return (100 * found.low, 100 * found.high) if found else None


@dataclass(frozen=True)
class Report:
    """All lines of the page. `whole` are the approved orders, then those that needed none."""

    whole: list[Line]
    approvers: list[Line]
    reasons: list[Line]
    bands: list[Line]

    @property
    def empty(self) -> bool:
        """Whether no order at all was released by an approval."""
        total = self.whole[0].tally
        return not total.judged and not total.not_due

    @property
    def tables(self) -> list[dict[str, Any]]:
        """The tables in their order, each with its title and the name of its first column."""
        every = _("An order that several people approved is counted for each of them.")
        reasons = _("An order with several reasons is counted for each of them.")
        tables = [
            ("whole", _("All together"), _("Orders"), "", self.whole),
            ("approvers", _("By approver"), _("Approver"), every, self.approvers),
            ("reasons", _("By reason"), _("Reason"), reasons, self.reasons),
            ("bands", _("By excess"), _("Over the limit"), "", self.bands),
        ]
        names = ("code", "title", "heading", "note", "lines")
        return [dict(zip(names, table, strict=True)) for table in tables if table[-1]]


def report(figures: Figures, query: Mapping[str, str], user: User) -> Report:
    """The lines of the figures that `user` may see; `query` are the filters in force."""
    passed = figures.passed

    def line(label: str, tally: Tally, levels: str = "", **narrowed: object) -> Line:
        address = f"{reverse('approvals:calibration_cases')}?{urlencode({**query, **narrowed})}"
        return Line(label, tally, address, _compared(tally, passed), levels)

    base = line(str(capfirst(Basis.PASSED.label)), passed, basis=Basis.PASSED.value)
    whole = [
        line(str(capfirst(Basis.APPROVED.label)), figures.total, basis=Basis.APPROVED.value),
        base,
    ]
    people = [
        line(each.display_name, tally, _levels(figures.levels[each.pk]), approver=each.pk)
        for each in approvers(user)
        if (tally := figures.approvers.get(each.pk))
    ]
    reasons = [
        line(reason_name(code, figures.names.get(code)), tally, reason=code)
        for code, tally in figures.reasons.items()
    ]
    bands = [
        line(str(capfirst(band.label)), tally, band=band.value)
        for band in Band
        if (tally := figures.bands.get(band.value))
    ]
    return Report(whole, people, sorted(reasons, key=lambda each: each.label), bands)


def _compared(tally: Tally, passed: Tally) -> str:
    """Only where the intervals have nothing in common is there a difference to speak of."""
    own, base = tally.interval, passed.interval
    if own is None or base is None or tally is passed:
        return Comparison.NONE.value
    if not own.apart_from(base):
        return Comparison.UNCLEAR.value
    return (Comparison.HIGHER if own.low > base.high else Comparison.LOWER).value


def _levels(levels: list[int]) -> str:
    return ", ".join(map(str, levels))
