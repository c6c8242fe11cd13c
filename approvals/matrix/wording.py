"""The matrix in the reader's language: rows, stages and cases as sentences."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from approvals.matrix.analysis import Gap
from approvals.matrix.enums import Need, Purpose
from approvals.matrix.names import Names
from approvals.matrix.routing import CRITERIA, Band, Case, Content, Row, Stage, mismatches, rows_of
from credit.money import CENT, LARGEST, ZERO
from staff.listing import listed


def sentence(row: Row, currency: str, names: Names) -> str:
    """Which cases the row takes, and who decides about them: "Excess from …: first …, then …"."""
    words = {"cases": cases(row, currency, names), "stages": route_words(row.stages, names)}
    return _("%(cases)s: %(stages)s") % words


@dataclass(frozen=True)
class RowLine:
    """A row as it is read in a list: its place, and its two halves."""

    number: int
    row: Row
    cases: str
    stages: str


def grouped(content: Content, names: Names) -> list[tuple[str, list[RowLine]]]:
    """The rows of a version in words, those of each purpose under its name."""
    rows = list(enumerate(rows_of(content), start=1))
    groups = []
    for purpose in Purpose:
        mine = [
            RowLine(
                number,
                row,
                cases(row, content["currency"], names),
                capfirst(route_words(row.stages, names)),
            )
            for number, row in rows
            if row.purpose == purpose
        ]
        groups.append((capfirst(str(purpose.label)), mine))
    return groups


def cases(row: Row, currency: str, names: Names) -> str:
    """Which cases the row takes."""
    parts = [part for name in CRITERIA[1:] if (part := criterion(row, name, currency, names))]
    if row.purpose == Purpose.LIMIT:
        if not parts:
            return _("Any change of a limit")
        return _("Change of a limit with %(conditions)s") % {"conditions": _all_of(parts)}
    return capfirst(_all_of(parts)) if parts else _("Any order")


def gap_words(gap: Gap, currency: str, names: Names) -> str:
    """The cases that no row takes."""
    text = cases(gap.missing, currency, names)
    left_out = [criterion(gap.but, name, currency, names) for name in CRITERIA[4:]]
    if not any(left_out):
        return text
    # Translators: a row of the matrix with exceptions: "Any order, except reason Blacklist".
    return _("%(cases)s, except %(exceptions)s") % {
        "cases": text,
        "exceptions": any_of(filter(None, left_out)),
    }


def criterion(row: Row, name: str, currency: str, names: Names) -> str:
    """What the row asks of one of the CRITERIA after the purpose; empty where it asks nothing."""
    if name in _BANDS:
        return _BANDS[name](getattr(row, name), row.purpose, currency)
    codes = sorted(getattr(row, name))
    if not codes:
        return ""
    if name == "risk_classes":
        # The class of unrated customers comes last, as its code does in the alphabet.
        return _("risk class %(classes)s") % {"classes": any_of(map(names.risk_class, codes))}
    if name == "segments":
        return _("segment %(segments)s") % {"segments": any_of(map(names.segment, codes))}
    return _("reason %(reasons)s") % {"reasons": any_of(map(names.reason, codes))}


def _excess(band: Band, purpose: str, currency: str) -> str:
    limit = purpose == Purpose.LIMIT
    if band == Band(ZERO, CENT):
        return _("no increase") if limit else _("no excess")
    if band == Band(CENT, None):
        return _("an increase") if limit else _("an excess")
    what = _("increase %(band)s") if limit else _("excess %(band)s")
    return _banded(what, band, lambda ends: _amounts(ends, currency))


def _percent(band: Band, purpose: str, currency: str) -> str:
    limit = purpose == Purpose.LIMIT
    what = _("increase %(band)s of the limit") if limit else _("excess %(band)s of the limit")
    return _banded(what, band, _percents)


def _amount(band: Band, purpose: str, currency: str) -> str:
    limit = purpose == Purpose.LIMIT
    what = _("resulting limit %(band)s") if limit else _("order %(band)s")
    return _banded(what, band, lambda ends: _amounts(ends, currency))


_BANDS: dict[str, Callable[[Band, str, str], str]] = {
    "excess": _excess,
    "percent": _percent,
    "amount": _amount,
}


def _banded(what: str, band: Band, shown: Callable[[Band], dict[str, str]]) -> str:
    if band.whole:
        return ""
    ends = shown(band)
    if band.high is None:
        return what % {"band": _("from %(low)s") % ends}
    if not band.low:
        return what % {"band": _("below %(high)s") % ends}
    return what % {"band": _("from %(low)s up to %(high)s") % ends}


def _amounts(band: Band, currency: str) -> dict[str, str]:
    """The ends of a band; the currency stands once, after the last figure."""
    high = "" if band.high is None else money(band.high, currency)
    return {"low": figure(band.low) if high else money(band.low, currency), "high": high}


def _percents(band: Band) -> dict[str, str]:
    high = "" if band.high is None else percentage(band.high)
    return {"low": percentage(band.low), "high": high}


def figure(amount: Decimal) -> str:
    """An amount without its currency."""
    return str(number_format(amount, 2, force_grouping=True))


def money(amount: Decimal, currency: str) -> str:
    """An amount as it is read."""
    return f"{figure(amount)} {currency}"


def percentage(percent: Decimal) -> str:
    """A percentage with no more decimals than it has, at most two.

    Rounded down, so that what is read is on the same side of every band's end as what is meant.
    """
    text = percent.quantize(CENT, ROUND_DOWN).normalize()
    return f"{number_format(format(text, 'f'), force_grouping=True)} %"


def route_words(stages: Sequence[Stage], names: Names) -> str:
    """Who is asked, one stage after the other."""
    text = ""
    for place, stage in enumerate(stages):
        words = {"stage": stage_words(stage, names), "before": text}
        if len(stages) == 1:
            text = words["stage"]
        elif not place:
            text = _("first %(stage)s") % words
        else:
            # Translators: stages of an approval, growing to the right: first A, then B, then C.
            text = _("%(before)s, then %(stage)s") % words
    return text


def stage_words(stage: Stage, names: Names) -> str:
    """Who is asked at once, for how long, and who is asked when nobody answers."""
    words = {"seats": seats(stage, names), "hours": stage.hours}
    if stage.escalate is None:
        return _("%(seats)s (%(hours)s h)") % words
    words["role"] = names.seat(stage.escalate)
    return _("%(seats)s (%(hours)s h, escalated to %(role)s)") % words


def seats(stage: Stage, names: Names) -> str:
    """The seats of a stage, and whether one of them is enough."""
    labels = [names.seat(seat) for seat in stage.seats]
    if len(labels) == 1:
        return labels[0]
    if stage.need == Need.ANY:
        return any_of(labels)
    return _("%(seats)s together") % {"seats": _all_of(labels)}


def case_words(case: Case, names: Names) -> str:
    """A case as an example: what is decided about, and what can tell rows apart."""
    words = {
        "excess": money(case.excess, case.currency),
        "percent": percentage(case.percent) if case.percent < LARGEST else _("no limit"),
        "amount": _amount_words(case),
        "risk_class": names.risk_class(case.risk_class),
        "segment": names.segment(case.segment),
        "reasons": listed(map(names.reason, sorted(case.reasons))) or _("none"),
    }
    if case.purpose == Purpose.LIMIT:
        return (
            _(
                "Change of a limit: increase %(excess)s (%(percent)s), resulting limit "
                "%(amount)s, risk class %(risk_class)s, segment %(segment)s"
            )
            % words
        )
    return (
        _(
            "Order of %(amount)s: excess %(excess)s (%(percent)s), risk class %(risk_class)s, "
            "segment %(segment)s, reasons: %(reasons)s"
        )
        % words
    )


def _amount_words(case: Case) -> str:
    if case.amount >= LARGEST:
        return _("an amount larger than every band")
    return money(case.amount, case.currency)


def why_not(row: Row, case: Case, names: Names) -> str:
    """Why a row does not take a case, by the first thing that does not fit; empty if it does."""
    name = next(mismatches(row, case), None)
    if name is None:
        return ""
    if name == "purpose":
        return _("It is for another purpose.")
    asked = criterion(row, name, case.currency, names)
    return _("It asks for %(asked)s; here: %(found)s.") % {
        "asked": asked,
        "found": _found(case, name, names),
    }


def _found(case: Case, name: str, names: Names) -> str:
    if name == "excess":
        return money(case.excess, case.currency)
    if name == "percent":
        return percentage(case.percent) if case.percent < LARGEST else _("no limit")
    if name == "amount":
        return _amount_words(case)
    if name == "risk_classes":
        return names.risk_class(case.risk_class)
    if name == "segments":
        return names.segment(case.segment)
    return listed(map(names.reason, sorted(case.reasons))) or _("none")


def any_of(parts: Iterable[str]) -> str:
    """Things of which one is enough, side by side."""
    text = ""
    for part in parts:
        # Translators: joins things of which one is enough, growing to the right: A or B or C.
        text = (
            pgettext("list", "%(first)s or %(second)s") % {"first": text, "second": part}
            if text
            else part
        )
    return text


def _all_of(parts: Sequence[str]) -> str:
    text = parts[0]
    for part in parts[1:]:
        # Translators: joins things that all count, growing to the right: A and B and C.
        text = pgettext("list", "%(first)s and %(second)s") % {"first": text, "second": part}
    return text


def people_words(people: Sequence[str]) -> str:
    """The people who can fill a seat today, by name; says so where nobody can."""
    if not people:
        return _("nobody today")
    shown = listed(people[:6])
    if len(people) <= 6:
        return shown
    text = ngettext("%(people)s and %(more)d more", "%(people)s and %(more)d more", len(people) - 6)
    return text % {"people": shown, "more": len(people) - 6}
