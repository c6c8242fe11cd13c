"""What one version of the matrix changes in another, in sentences."""

from collections.abc import Callable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from approvals.matrix import wording
from approvals.matrix.enums import Purpose
from approvals.matrix.names import Names
from approvals.matrix.routing import CRITERIA, Content, Row, rows_of
from credit.differences import Change, longest_rising

_CRITERIA: dict[str, str | Promise] = {
    "excess": _("excess"),
    "percent": _("excess in per cent"),
    "amount": _("amount"),
    "risk_classes": _("risk classes"),
    "segments": _("segments"),
    "reasons": _("reasons"),
}


def differences(before: Content, after: Content, names: Names) -> list[Change]:
    """Everything that `after` changes, in the order of its rows. Both are clean contents."""
    was = {row.code: row for row in rows_of(before)}
    now = {row.code: row for row in rows_of(after)}
    currencies = before["currency"], after["currency"]
    return [
        *_currency(*currencies),
        *_added(was, now, currencies[1], names),
        *(
            change
            for code, row in now.items()
            if code in was
            for change in _row(was[code], row, currencies, names)
        ),
        *_removed(was, now, currencies[0], names),
        *_moved(list(was), now),
    ]


def _currency(before: str, after: str) -> Iterator[Change]:
    if before != after:
        text = _("Currency of the amounts: %(before)s → %(after)s")
        yield Change(text, {"before": before, "after": after})


def _added(
    was: dict[str, Row], now: dict[str, Row], currency: str, names: Names
) -> Iterator[Change]:
    for place, (code, row) in enumerate(now.items(), start=1):
        if code not in was:
            text = _("Row “%(row)s” added at place %(place)s: %(sentence)s")
            told = _told(row, currency, names)
            yield Change(text, {"row": _name(row), "place": str(place), "sentence": told})


def _removed(
    was: dict[str, Row], now: dict[str, Row], currency: str, names: Names
) -> Iterator[Change]:
    for code, row in was.items():
        if code not in now:
            text = _("Row “%(row)s” removed: %(sentence)s")
            yield Change(text, {"row": _name(row), "sentence": _told(row, currency, names)})


def _told(row: Row, currency: str, names: Names) -> Callable[[], str]:
    return lambda: wording.sentence(row, currency, names)


def _name(row: Row) -> Callable[[], str]:
    return lambda: row.name


def _row(old: Row, new: Row, currencies: tuple[str, str], names: Names) -> Iterator[Change]:
    if old.names != new.names:
        shown = [" / ".join(filter(None, row.names.values())) for row in (old, new)]
        text = _("Row “%(row)s”: name %(before)s → %(after)s")
        yield Change(text, {"row": _name(new), "before": shown[0], "after": shown[1]})
    if old.purpose != new.purpose:
        labels = [Purpose(row.purpose).label for row in (old, new)]
        text = _("Row “%(row)s”: for %(before)s → %(after)s")
        yield Change(text, {"row": _name(new), "before": labels[0], "after": labels[1]})
    for name in CRITERIA[1:]:
        if getattr(old, name) != getattr(new, name):
            yield _criterion(old, new, name, currencies, names)
    if old.stages != new.stages:
        text = _("Row “%(row)s”: decided by “%(before)s” → “%(after)s”")
        yield Change(
            text,
            {
                "row": _name(new),
                "before": lambda: wording.route_words(old.stages, names),
                "after": lambda: wording.route_words(new.stages, names),
            },
        )


def _criterion(old: Row, new: Row, name: str, currencies: tuple[str, str], names: Names) -> Change:
    def shown(row: Row, currency: str) -> Callable[[], str]:
        return lambda: wording.criterion(row, name, currency, names) or pgettext("matrix", "any")

    return Change(
        _("Row “%(row)s”, %(criterion)s: %(before)s → %(after)s"),
        {
            "row": _name(new),
            "criterion": _CRITERIA[name],
            "before": shown(old, currencies[0]),
            "after": shown(new, currencies[1]),
        },
    )


def _moved(was: list[str], now: dict[str, Row]) -> Iterator[Change]:
    """The rows that stand elsewhere: the fewest whose moving explains the new order."""
    kept = [code for code in now if code in was]
    before = [code for code in was if code in now]
    stayed = set(longest_rising([before.index(code) for code in kept]))
    places = {code: place for place, code in enumerate(now, start=1)}
    for code in kept:
        if before.index(code) not in stayed:
            text = _("Row “%(row)s” moved from place %(before)s to place %(after)s")
            old, new = str(was.index(code) + 1), str(places[code])
            yield Change(text, {"row": _name(now[code]), "before": old, "after": new})
