"""Figures and times as words: what the template tags say, without the markup."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from staff import figures

# Units of compact amounts, largest first. Chinese counts in ten thousands.
_COMPACT_UNITS = {
    "zh-hans": ((Decimal(10) ** 8, " 亿"), (Decimal(10) ** 4, " 万")),
    "zh-hant": ((Decimal(10) ** 8, " 億"), (Decimal(10) ** 4, " 萬")),
    "en": ((Decimal(10) ** 9, " B"), (Decimal(10) ** 6, " M"), (Decimal(10) ** 3, " k")),
}
_COMPACT_FROM = Decimal(10_000)  # below it the amount itself is short enough


def amount(value: Decimal) -> str:
    """`value` with two decimals and thousands separators: '−1,234.50'."""
    return figures.money(value)


def count(value: int) -> str:
    """`value` with thousands separators."""
    return figures.figure(value, 0)


def compact(value: Decimal) -> str:
    """`value` to three figures in the reader's large units: '1.2 M', '120 万'."""
    value = Decimal(value)
    if abs(value) < _COMPACT_FROM:
        return count(round(value))
    # Rounded before the unit is chosen, so that 999,999 is 1 M and not 1,000 k.
    value = value.quantize(Decimal(1).scaleb(value.adjusted() - 2), ROUND_HALF_UP)
    units = _COMPACT_UNITS.get(get_language() or "en", _COMPACT_UNITS["en"])
    size, name = next((size, name) for size, name in units if abs(value) >= size)
    return _short(value / size) + name


def _short(value: Decimal) -> str:
    decimals = max(0, 2 - value.adjusted())
    text = figures.figure(value, decimals)
    if decimals:
        text = text.rstrip("0").rstrip(formats.get_format("DECIMAL_SEPARATOR"))
    return text


def percent(value: Decimal | float, decimals: int = 1) -> str:
    """`value`, already in hundredths (4.2 means 4.2 %), with its sign."""
    figure = formats.number_format(round(Decimal(value), decimals), decimals, use_l10n=True)
    return _("%(figure)s%%") % {"figure": figure.replace("-", "−")}


def duration(value: timedelta) -> str:
    """The two largest units of a length of time, its sign dropped: '2 h 10 min'."""
    minutes = int(abs(value).total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = {"days": days, "hours": hours, "minutes": minutes}
    if days and hours:
        return _("%(days)d d %(hours)d h") % parts
    if days:
        return _("%(days)d d") % parts
    if hours and minutes:
        return _("%(hours)d h %(minutes)d min") % parts
    if hours:
        return _("%(hours)d h") % parts
    return _("%(minutes)d min") % parts if minutes else _("under 1 min")


def exact(moment: datetime) -> str:
    """Date and time in the reader's time zone, with the zone's name."""
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"


def relative(moment: datetime, at: datetime) -> str:
    """`moment` as seen from `at`: 'just now', '5 min ago', 'in 3 h'; beyond a month its date."""
    away = moment - at
    if abs(away) >= timedelta(days=30):
        return formats.date_format(timezone.localtime(moment), "DATE_FORMAT")
    if abs(away) < timedelta(minutes=1):
        return _("just now")
    span = {"span": _largest_unit(abs(away))}
    return _("in %(span)s") % span if away > timedelta() else _("%(span)s ago") % span


def _largest_unit(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes >= 1440:
        return _("%(days)d d") % {"days": minutes // 1440}
    if minutes >= 60:
        return _("%(hours)d h") % {"hours": minutes // 60}
    return _("%(minutes)d min") % {"minutes": minutes}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a bar: where it starts and how wide it is, both in percent of the whole bar."""

    code: str
    start: float
    width: float
    value: Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """What a credit bar shows; `mark` is the limit's place in percent, None without a limit."""

    segments: tuple[Segment, ...]
    used: Decimal
    available: Decimal | None
    mark: float | None


def credit_bar(buckets: dict[str, Decimal], limit: Decimal | None) -> Bar:
    """Lay `buckets` (code -> amount, in order) along a bar as long as the larger of use and limit.

    `limit` is None for an unlimited account. Negative buckets (a customer's credit balance) take
    no room but count in the sum.
    """
    used = sum(buckets.values(), Decimal(0))
    shown = sum((max(v, Decimal(0)) for v in buckets.values()), Decimal(0))
    # An unlimited account shows its use as a part of the bar, never as a full one.
    whole = max(shown, limit) if limit is not None else shown * 2
    segments, start = [], 0.0
    for code, value in buckets.items():
        width = float(max(value, Decimal(0)) / whole * 100) if whole else 0.0
        segments.append(Segment(code, round(start, 3), round(width, 3), value))
        start += width
    mark = None if limit is None else (round(float(limit / whole * 100), 3) if whole else 0.0)
    return Bar(tuple(segments), used, None if limit is None else limit - used, mark)
