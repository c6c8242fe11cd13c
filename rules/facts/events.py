"""Facts about events: whether something had happened by a moment, and how long ago."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Case, DateTimeField, Expression, Field, Q, Value, When
from django.db.models.lookups import GreaterThan, IsNull, LessThanOrEqual
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rules import numerals
from rules.facts.base import Fact, Json, Label, Parameter
from rules.facts.states import YesNo
from rules.operators import AT_LEAST, CONTRARY, LESS_THAN, LOOKUPS, MORE_THAN, ORDERED, refuse

UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}
UNIT_LABELS: tuple[tuple[str, Label], ...] = (
    ("minutes", gettext_lazy("minutes")),
    ("hours", gettext_lazy("hours")),
    ("days", gettext_lazy("days")),
)
LONGEST = timedelta(days=3_650)


@dataclass(frozen=True)
class Duration:
    """A length of time in the unit its author chose."""

    amount: Decimal
    unit: str

    @property
    def delta(self) -> timedelta:
        """The same length as a timedelta, exact to the microsecond."""
        microseconds = self.amount * (UNITS[self.unit] // timedelta(microseconds=1))
        return timedelta(microseconds=int(microseconds))

    def __str__(self) -> str:
        number = {"number": numerals.write(self.amount)}
        if self.unit == "minutes":
            return _("%(number)s min") % number
        if self.unit == "hours":
            return _("%(number)s h") % number
        return _("%(number)s d") % number


@dataclass(frozen=True, kw_only=True, eq=False)
class Elapsed(Fact):
    """How long ago something happened. Value: `{"amount": "24", "unit": "hours"}` (minutes, days).

    `source` is the moment of the event. An event without a moment, or with one after `at`, had not
    happened yet: how long ago it was is missing. The moment is compared with `at` minus the value,
    so that an index on the column serves. `event` reads "paid" in "paid more than 24 h ago".
    """

    event: Label

    kind: ClassVar[str] = "duration"
    operators: ClassVar[tuple[str, ...]] = ORDERED

    def field(self) -> Field[Any, Any]:
        return DateTimeField()

    def clean(self, operator: str, value: Json) -> Duration:
        if not isinstance(value, dict) or set(value) != {"amount", "unit"}:
            raise refuse(_("Give a length of time and its unit."))
        unit = value["unit"]
        if not isinstance(unit, str) or unit not in UNITS:
            raise refuse(_("Choose minutes, hours or days."))
        longest = LONGEST // UNITS[unit]
        return Duration(
            numerals.read(value["amount"], minimum=0, maximum=longest, decimals=2), unit
        )

    def dump(self, operator: str, value: Duration) -> Json:
        return {"amount": str(value.amount), "unit": value.unit}

    def holds(self, operator: str, value: Duration, at: datetime) -> Q:
        # Longer ago means an earlier moment, so the comparison turns around.
        turned = {MORE_THAN: LESS_THAN, AT_LEAST: "at_most", LESS_THAN: MORE_THAN}
        lookup = LOOKUPS[turned.get(operator, AT_LEAST)]
        moment = self.column(at)
        compared = Q(lookup(moment, Value(at - value.delta, DateTimeField())))
        if operator in (MORE_THAN, AT_LEAST):
            return compared
        return compared & Q(LessThanOrEqual(moment, Value(at, DateTimeField())))

    def fails(self, operator: str, value: Duration, at: datetime) -> Q:
        return self.holds(CONTRARY[operator], value, at)

    def phrase(self, operator: str, value: Any, *, holds: bool = True, blank: bool = False) -> str:
        operator = operator if holds else CONTRARY[operator]
        words = {"event": str(self.event), "duration": "…" if blank else str(value)}
        if operator == MORE_THAN:
            return _("%(event)s more than %(duration)s ago") % words
        if operator == AT_LEAST:
            return _("%(event)s at least %(duration)s ago") % words
        if operator == LESS_THAN:
            return _("%(event)s less than %(duration)s ago") % words
        return _("%(event)s at most %(duration)s ago") % words

    def parameter(self, operator: str, value: Duration, path: str) -> Parameter:
        return Parameter(
            path=path,
            fact=self,
            operator=operator,
            kind=self.kind,
            value=self.dump(operator, value),
            label=self.phrase(operator, value, blank=True),
            minimum=0,
            maximum=LONGEST // UNITS[value.unit],
            decimals=2,
            units=UNIT_LABELS,
        )

    def readings(self, operator: str, value: Any, at: datetime) -> Mapping[str, Expression]:
        return {"value": _moment_known_at(self.column(at), at)}

    def seen(self, operator: str, value: Any, reading: Mapping[str, Any], at: datetime) -> Json:
        moment = reading["value"]
        if moment is None:
            return None
        return {"since": moment.isoformat(), "seconds": int((at - moment).total_seconds())}

    def show(self, seen: Json) -> str:
        return _length(timedelta(seconds=seen["seconds"]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Happened(YesNo):
    """Whether something had happened by the moment. Operator `is`, value true or false.

    `source` is the moment of the event; none, or one after `at`, means not yet. The answer is
    always known. `yes` and `no` read "shipped" and "not shipped" inside a sentence.
    """

    def field(self) -> Field[Any, Any]:
        return DateTimeField()

    def holds(self, operator: str, value: bool, at: datetime) -> Q:
        moment, now = self.column(at), Value(at, DateTimeField())
        if value:
            return Q(LessThanOrEqual(moment, now))
        return Q(IsNull(moment, True)) | Q(GreaterThan(moment, now))

    def fails(self, operator: str, value: bool, at: datetime) -> Q:
        return self.holds(operator, not value, at)

    def readings(self, operator: str, value: Any, at: datetime) -> Mapping[str, Expression]:
        return {"value": _moment_known_at(self.column(at), at)}

    def seen(self, operator: str, value: Any, reading: Mapping[str, Any], at: datetime) -> Json:
        moment = reading["value"]
        return {"happened": moment is not None, "moment": moment.isoformat() if moment else None}

    def show(self, seen: Json) -> str:
        moment = parse_datetime(seen["moment"]) if seen["moment"] else None
        if moment is None:
            return _("not yet")
        return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def _moment_known_at(moment: Expression, at: datetime) -> Expression:
    known = Q(LessThanOrEqual(moment, Value(at, DateTimeField())))
    return Case(When(known, then=moment), output_field=DateTimeField())


def _length(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days >= 3:
        return _("%(days)s d %(hours)s h") % {"days": numerals.write(days), "hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": days * 24 + hours, "minutes": minutes}
