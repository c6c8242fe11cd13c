"""Exchange rates that come in a file."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit.enums import CreditAction
from credit.errors import CreditError
from credit.models import ExchangeRate
from credit.money import CURRENCIES
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _

COLUMNS = ("date", "source", "target", "rate")
MOST = 100_000
_CODES = {code for code, _name in CURRENCIES}
_LARGEST = Decimal(10) ** 10


@dataclass(frozen=True, slots=True)
class RateInput:
    """From `valid_on` on, one unit of `source` is worth `rate` of `target`."""

    valid_on: date
    source: str
    target: str
    rate: Decimal
    origin: str = ""


@transaction.atomic
def enter_rates(*, rates: Sequence[RateInput], by: User, at: datetime) -> int:
    """Enter the rates, in place of those of the same pair and day; how many there were.

    Decisions keep the rates they used. Raises PermissionDenied without the right.
    """
    if not by.has_perms(["credit.add_exchangerate", "credit.change_exchangerate"]):
        raise PermissionDenied(_("You may not enter exchange rates."))
    if not rates:
        return 0
    rows = [
        ExchangeRate(
            valid_on=each.valid_on,
            source=each.source,
            target=each.target,
            rate=each.rate,
            origin=each.origin,
        )
        for each in rates
    ]
    ExchangeRate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["source", "target", "valid_on"],
        update_fields=["rate", "origin"],
        batch_size=1_000,
    )
    record(
        action=CreditAction.RATE_CHANGED,
        subject=ExchangeRate.objects.get(
            source=rows[-1].source, target=rows[-1].target, valid_on=rows[-1].valid_on
        ),
        by=by,
        at=at,
        data={
            "imported": len(rows),
            "pairs": sorted({f"{row.source}/{row.target}" for row in rows}),
            "from": min(row.valid_on for row in rows),
            "until": max(row.valid_on for row in rows),
        },
    )
    return len(rows)


def read_rates(lines: Iterable[str]) -> list[RateInput]:
    """The rates of a CSV file with the columns date, source, target, rate, and perhaps origin.

    Days are written as 2026-03-02, rates with a point. Raises CreditError that names every faulty
    line; then nothing of the file should be entered.
    """
    reader = csv.DictReader(lines)
    missing = set(COLUMNS) - set(reader.fieldnames or ())
    if missing:
        raise CreditError(
            _("The file needs a first line with the columns %(columns)s.")
            % {"columns": ", ".join(COLUMNS)}
        )
    found: dict[tuple[str, str, date], RateInput] = {}
    problems = []
    for number, row in enumerate(reader, start=2):
        try:
            rate = _rate(row)
        except CreditError as error:
            problems.append(_("Line %(line)d: %(problem)s") % {"line": number, "problem": error})
            continue
        key = (rate.source, rate.target, rate.valid_on)
        if key in found:
            text = _("the pair has a rate of this day already, further up.")
            problems.append(_("Line %(line)d: %(problem)s") % {"line": number, "problem": text})
        found[key] = rate
        if len(found) > MOST:
            raise CreditError(_("A file may have at most %(most)d rates.") % {"most": MOST})
    if problems:
        raise CreditError("\n".join(problems[:50]))
    return list(found.values())


def _rate(row: dict[str, str | None]) -> RateInput:
    texts = {name: (row.get(name) or "").strip() for name in (*COLUMNS, "origin")}
    source, target = texts["source"].upper(), texts["target"].upper()
    if not {source, target} <= _CODES or source == target:
        raise CreditError(_("give two different currencies by their codes, such as USD and CNY."))
    try:
        day = date.fromisoformat(texts["date"])
    except ValueError as error:
        raise CreditError(_("write the day as 2026-03-02.")) from error
    try:
        rate = Decimal(texts["rate"])
        sound = rate.is_finite() and 0 < rate < _LARGEST and rate == round(rate, 8)
    except InvalidOperation:
        sound = False
    if not sound:
        raise CreditError(_("a rate is more than 0 and has at most eight decimals."))
    if len(texts["origin"]) > 120 or "\x00" in texts["origin"]:
        raise CreditError(_("where a rate is from takes at most 120 characters."))
    return RateInput(day, source, target, rate, texts["origin"])
