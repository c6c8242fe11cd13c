"""What a version of the approval matrix says: rows of cases, and who decides about each.

The content is JSON, so that a version can be compared, kept and asked again:

    {"currency": "CNY",
     "rows": [{"code": "large", "names": {"en": …, "zh-hans": …, "zh-hant": …},
               "purpose": "order", "excess": ["50000.00", "200000.00"], "percent": ["0", null],
               "amount": ["0.00", null], "risk_classes": ["D", "E"], "segments": [],
               "reasons": [],
               "stages": [{"need": "all", "seats": [{"role": "approver_1"}, {"person": 7}],
                           "hours": 8, "escalate": {"role": "approver_2"}}, …]}, …]}

The first row that matches decides. Bands are half open: the upper end belongs to the next band,
and null means without end. An empty list leaves nothing out. `approvals.matrix.routing` reads it.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from approvals.matrix.enums import Need, Purpose
from approvals.matrix.routing import PASSED, UNRATED, Content
from credit.content import LANGUAGES
from credit.enums import CheckCode, RiskClass
from credit.models.customer import CODE
from credit.money import CURRENCIES, LARGEST, is_amount
from credit.sentences import RULE
from staff.roles import Role

MOST_ROWS, MOST_STAGES, MOST_HOURS = 50, 6, 400
CLASSES = (*RiskClass.values, UNRATED)
_ROW = {
    "code", "names", "purpose", "excess", "percent", "amount", "risk_classes", "segments",
    "reasons", "stages",
}  # fmt: skip
_STAGE = {"need", "seats", "hours", "escalate"}


def clean(content: Any) -> Content:
    """The content in its canonical form. Raises ValidationError that names the faulty part."""
    _only(content, {"currency", "rows"}, _("The matrix"))
    if content.get("currency") not in dict(CURRENCIES):
        raise ValidationError(_("Choose the currency of the matrix's amounts."))
    rows = content.get("rows")
    if not isinstance(rows, list) or not rows:
        raise ValidationError(_("Add at least one row; a matrix without rows asks nobody."))
    if len(rows) > MOST_ROWS:
        text = _("A matrix may have at most %(limit)s rows. Join some of them.")
        raise ValidationError(text % {"limit": MOST_ROWS})
    cleaned = [_clean_row(row, number) for number, row in enumerate(rows, start=1)]
    codes = [row["code"] for row in cleaned]
    for number, code in enumerate(codes, start=1):
        if code in codes[: number - 1]:
            text = _("Row %(number)s: give it a code of its own; “%(code)s” is taken.")
            raise ValidationError(text % {"number": number, "code": code})
    return {"currency": content["currency"], "rows": cleaned}


def is_code(code: Any) -> bool:
    """Whether a row can be called so: a letter, then letters, digits and underscores."""
    return isinstance(code, str) and code.isascii() and code.isidentifier() and len(code) <= 40


def is_reason(code: Any) -> bool:
    """Whether an order can wait because of that: a check, a gate rule, or the policy itself."""
    if not isinstance(code, str):
        return False
    return code in (*CheckCode.values, PASSED) or (
        code.startswith(RULE) and code.removeprefix(RULE).isidentifier() and len(code) <= 60
    )


def _only(part: Any, known: set[str], name: str) -> None:
    if not isinstance(part, dict):
        raise ValidationError(_("%(part)s: write it as an object.") % {"part": name})
    if unknown := set(part) - known:
        words = {"part": name, "name": sorted(unknown, key=str)[0]}
        raise ValidationError(_("%(part)s: there is no value “%(name)s”. Remove it.") % words)


def _clean_row(row: Any, number: int) -> Content:
    part = _("Row %(number)s") % {"number": number}
    _only(row, _ROW, part)
    if not is_code(row.get("code")):
        raise _wrong(part, _("give it a code of letters, digits and underscores."))
    names = row.get("names") if isinstance(row.get("names"), dict) else {}
    names = {language: str(names.get(language) or "").strip() for language in LANGUAGES}
    if not names["en"]:
        raise _wrong(part, _("give it a name in English."))
    if row.get("purpose") not in Purpose.values:
        raise _wrong(part, _("choose whether it is for orders or for limits."))
    bands = {
        name: _band(row.get(name, ["0", None]), cleaner, part)
        for name, cleaner in (("excess", _amount), ("percent", _percent), ("amount", _amount))
    }
    return {
        "code": row["code"],
        "names": names,
        "purpose": row["purpose"],
        **bands,
        "risk_classes": _classes(row.get("risk_classes", []), part),
        "segments": _segments(row.get("segments", []), part),
        "reasons": _reasons(row.get("reasons", []), row["purpose"], part),
        "stages": _stages(row.get("stages"), part),
    }


def _wrong(part: str, problem: str) -> ValidationError:
    return ValidationError(_("%(part)s: %(problem)s") % {"part": part, "problem": problem})


def _band(ends: Any, cleaner: Callable[[Any], str], part: str) -> list[str | None]:
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        raise _wrong(part, _("give each band its beginning and its end."))
    try:
        low = cleaner("0" if ends[0] is None else ends[0])
        high = None if ends[1] is None else cleaner(ends[1])
    except (ValueError, InvalidOperation) as error:
        raise _wrong(part, str(error)) from error
    if high is not None and Decimal(high) <= Decimal(low):
        words = {"low": low, "high": high}
        text = _("a band from %(low)s cannot end at %(high)s; write a higher end or none.")
        raise _wrong(part, text % words)
    return [low, high]


def _amount(value: Any) -> str:
    amount = _figure(value)
    if not is_amount(amount) or not 0 <= amount <= LARGEST:
        raise ValueError(_("write amounts of zero or more in whole cents."))
    return f"{amount:.2f}"


def _percent(value: Any) -> str:
    percent = _figure(value)
    if not percent.is_finite() or not 0 <= percent <= 100_000 or percent != round(percent, 2):
        raise ValueError(_("write percentages from 0 to 100000 with at most two decimals."))
    return format(percent.normalize(), "f")


def _figure(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError(_("write each end of a band as a figure."))
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ValueError(_("write each end of a band as a figure.")) from error


def _strings(values: Any, problem: str, part: str) -> list[str]:
    if not isinstance(values, list | tuple) or not all(isinstance(each, str) for each in values):
        raise _wrong(part, problem)
    return list(dict.fromkeys(values))


def _classes(values: Any, part: str) -> list[str]:
    problem = _("choose risk classes from A to E, or customers without one.")
    chosen = _strings(values, problem, part)
    if not set(chosen) <= set(CLASSES):
        raise _wrong(part, problem)
    return [code for code in CLASSES if code in chosen]


def _segments(values: Any, part: str) -> list[str]:
    problem = _("choose segments by their codes.")
    chosen = _strings(values, problem, part)
    if not all(CODE.regex.match(code) for code in chosen):  # type: ignore[union-attr]
        raise _wrong(part, problem)
    return sorted(chosen)


def _reasons(values: Any, purpose: str, part: str) -> list[str]:
    chosen = _strings(values, _("choose reasons by the codes of checks and gate rules."), part)
    if purpose == Purpose.LIMIT and chosen:
        raise _wrong(part, _("a change of a limit has no reasons to choose; leave them out."))
    for code in chosen:
        if not is_reason(code):
            text = _("no check and no gate rule is called “%(code)s”; choose another reason.")
            raise _wrong(part, text % {"code": code})
    known = list(CheckCode.values)
    return sorted(chosen, key=lambda code: (known.index(code) if code in known else 99, code))


def _stages(stages: Any, part: str) -> list[Content]:
    if not isinstance(stages, list) or not stages:
        raise _wrong(part, _("add at least one stage; somebody has to decide."))
    if len(stages) > MOST_STAGES:
        raise _wrong(part, _("use at most %(limit)s stages.") % {"limit": MOST_STAGES})
    text = _("%(part)s, stage %(number)s")
    return [
        _stage(stage, text % {"part": part, "number": number})
        for number, stage in enumerate(stages, start=1)
    ]


def _stage(stage: Any, part: str) -> Content:
    _only(stage, _STAGE, part)
    if stage.get("need") not in Need.values:
        raise _wrong(part, _("choose whether one answer is enough or all are needed."))
    hours = stage.get("hours")
    if isinstance(hours, bool) or not isinstance(hours, int) or not 1 <= hours <= MOST_HOURS:
        text = _("give a time limit from 1 to %(limit)s business hours.")
        raise _wrong(part, text % {"limit": MOST_HOURS})
    seats = stage.get("seats")
    if not isinstance(seats, list) or not seats:
        raise _wrong(part, _("choose at least one role or person."))
    escalate = stage.get("escalate")
    return {
        "need": stage["need"],
        "seats": _unique([_seat(seat, part) for seat in seats]),
        "hours": hours,
        "escalate": None if escalate is None else _role(escalate, part),
    }


def _unique(seats: list[Content]) -> list[Content]:
    """Each seat once: roles as the company lists them, then people."""
    once = [seat for place, seat in enumerate(seats) if seat not in seats[:place]]
    known = Role.values
    return sorted(
        once,
        key=lambda seat: (
            seat.get("person", 0),
            known.index(seat["role"]) if seat.get("role") in known else len(known),
            seat.get("role", ""),
        ),
    )


def _seat(seat: Any, part: str) -> Content:
    if isinstance(seat, dict) and set(seat) == {"person"}:
        number = seat["person"]
        if isinstance(number, int) and not isinstance(number, bool) and number > 0:
            return {"person": number}
        raise _wrong(part, _("name each person by their number."))
    return _role(seat, part)


def _role(seat: Any, part: str) -> Content:
    role = seat.get("role") if isinstance(seat, dict) and set(seat) == {"role"} else None
    if not isinstance(role, str) or not 0 < len(role) <= 150:
        raise _wrong(part, _("choose a role or a person for each seat."))
    return {"role": role}
