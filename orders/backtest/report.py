"""The summary of a run as its page shows it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.backtest.enums import Assumption, Ending
from orders.backtest.forms import reason_choices
from orders.models import BacktestRun
from rules import subjects

Count = dict[str, Any]
NOTHING: Count = {"count": 0, "customers": 0, "value": {}, "days_late": 0}
BAD = (Ending.LATE, Ending.NEVER)


@dataclass(frozen=True)
class ReasonRow:
    """One reason with what each version held for it; a count's label names the version."""

    code: str
    label: str
    counts: list[Count]


@dataclass(frozen=True)
class ThenRow:
    """What came of the cases that a version held, or of those it passed."""

    label: str
    whole: int
    cells: list[Count]
    bad_percent: Decimal | None


@dataclass(frozen=True)
class Report:
    """A finished run, ready to be read."""

    run: BacktestRun

    @property
    def versions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.run.summary["versions"]
        return found

    @property
    def reasons(self) -> list[ReasonRow]:
        """Every reason, those that hold the most first."""
        several = len(self.versions) > 1
        by_version = {
            each["name"] if several else _("Held"): {row["code"]: row for row in each["reasons"]}
            for each in self.versions
        }
        rows = [
            ReasonRow(code, name, [_count(found, code, by) for by, found in by_version.items()])
            for code, name in reason_choices(self.run.summary)
        ]
        return sorted(rows, key=lambda row: [-count["count"] for count in row.counts])

    @property
    def endings(self) -> list[str]:
        return [str(label) for label in Ending.labels]

    @property
    def then(self) -> list[tuple[str, list[ThenRow]]]:
        """By version: what came of the held cases, and beside it of those that passed."""
        return [
            (
                version["name"],
                [
                    _then(_("Held"), version["then"]["held"]),
                    _then(_("Passed"), version["then"]["passed"]),
                ],
            )
            for version in self.versions
        ]

    @property
    def tiles(self) -> list[dict[str, Any]]:
        """The figures that matter first; each leads to its findings."""
        cases, first = self.run.summary["cases"], self.versions[0]
        held, passed = first["then"]["held"], first["then"]["passed"]
        good = held.get(Ending.ON_TIME, NOTHING)["count"]
        missed = sum(passed.get(code, NOTHING)["count"] for code in BAD)
        caught = sum(held.get(code, NOTHING)["count"] for code in BAD)
        by = "&held_by=first" if self.run.compared_name else ""
        label = _("Held by %(version)s") % {"version": self.run.name} if by else _("Held")
        return [
            _tile(_("Judged"), cases["count"], "list-check", "", _customers(cases["customers"])),
            _tile(label, first["held"]["count"], "hand-stop", f"?{by[1:]}",
                  _customers(first["held"]["customers"])),
            _tile(_("Held, then late or never paid"), caught, "shield-check", f"?{by[1:]}",
                  _("What the checks would have caught.")),
            _tile(_("Held, yet paid on time"), good, "clock", f"?ending=on_time{by}",
                  _("What holding would have cost.")),
            _tile(_("Passed, then late or never paid"), missed, "alert-triangle", "",
                  _("What the checks would have missed.")),
        ]  # fmt: skip

    @property
    def differences(self) -> list[dict[str, Any]]:
        """How two versions differ; nothing for a run of one."""
        found = self.run.summary["differences"]
        if not found:
            return []
        names = {"first": self.run.name, "second": self.run.compared_name}
        labels = {
            "both": _("Both hold"),
            "only_first": _("Only %(first)s holds") % names,
            "only_second": _("Only %(second)s holds") % names,
        }
        return [
            {"label": label, "held_by": code, "count": found[code]}
            for code, label in labels.items()
        ]

    @property
    def assumptions(self) -> list[str]:
        """What counts as it is now, because nobody kept how it was."""
        return [str(Assumption(code).label) for code in self.run.summary["assumed_as_now"]]

    @property
    def rules_as_now(self) -> Count:
        """For how many orders gate rules asked what counts as it is now, and what that was."""
        found: Count = self.run.summary.get("rules_as_now") or {"facts": []} | NOTHING
        subject = subjects.get("order")
        labels = dict.fromkeys(str(subject.fact(name).as_now) for name in found["facts"])
        return found | {"labels": list(labels)}


def _then(label: str, endings: dict[str, Count]) -> ThenRow:
    cells = [_count(endings, code, str(label)) for code, label in Ending.choices]
    known = sum(endings.get(code, NOTHING)["count"] for code in (Ending.ON_TIME, *BAD))
    bad = sum(endings.get(code, NOTHING)["count"] for code in BAD)
    percent = Decimal(bad * 100) / known if known else None
    return ThenRow(label, sum(cell["count"] for cell in cells), cells, percent)


def _count(counts: dict[str, Count], code: str, label: str) -> Count:
    return counts.get(code, NOTHING) | {"label": label}


def _customers(number: int) -> str:
    text = ngettext("of %(number)d customer", "of %(number)d customers", number)
    return text % {"number": number}


def _tile(label: str, figure: int, icon: str, query: str, note: str) -> dict[str, Any]:
    return {"label": label, "figure": figure, "icon": icon, "query": query, "note": note}
