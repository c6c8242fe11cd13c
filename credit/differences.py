"""What one version of a policy changes in another, in sentences."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credit import wording
from credit.content import EXEMPTION_VALUES, RELEASE, THRESHOLDS, Content, Threshold
from credit.enums import CheckCode, CheckSeverity, Exemption

Shown = str | Promise | Callable[[], str]


@dataclass(frozen=True)
class Change:
    """One thing that differs. Read as text it is a sentence in the reader's language."""

    text: Promise
    values: Mapping[str, Shown] = field(default_factory=dict)

    def __str__(self) -> str:
        shown = {name: v() if callable(v) else str(v) for name, v in self.values.items()}
        return str(self.text) % shown


def differences(before: Content, after: Content) -> list[Change]:
    """Everything that `after` changes, in the order of the form. Both are canonical contents."""
    return [
        *_currency(before, after),
        *_checks(before, after),
        *_order(before, after),
        *_exemptions(before, after),
        *_rules(before, after),
        *_values(
            _("Release of orders"),
            RELEASE,
            before["release"],
            after["release"],
            _both(before, after),
        ),
    ]


def _both(before: Content, after: Content) -> tuple[str, str]:
    return before["currency"], after["currency"]


def _currency(before: Content, after: Content) -> Iterator[Change]:
    if before["currency"] != after["currency"]:
        text = _("Currency of the amounts: %(before)s → %(after)s")
        yield Change(text, {"before": before["currency"], "after": after["currency"]})


def _checks(before: Content, after: Content) -> Iterator[Change]:
    was = {row["check"]: row for row in before["checks"]}
    for row in after["checks"]:
        label, old = CheckCode(row["check"]).label, was[row["check"]]
        yield from _severity(_("%(part)s: severity %(before)s → %(after)s"), label, old, row)
        yield from _values(label, THRESHOLDS[row["check"]], old, row, _both(before, after))


def _severity(text: Promise, part: Shown, old: Content, new: Content) -> Iterator[Change]:
    if old["severity"] != new["severity"]:
        labels = [CheckSeverity(row["severity"]).label for row in (old, new)]
        yield Change(text, {"part": part, "before": labels[0], "after": labels[1]})


def _values(
    part: Shown,
    thresholds: Mapping[str, Threshold],
    old: Content,
    new: Content,
    currencies: tuple[str, str],
) -> Iterator[Change]:
    for name, threshold in thresholds.items():
        was, now = (values.get(name, threshold.default) for values in (old, new))
        if was != now:
            yield Change(
                _("%(part)s: %(value)s %(before)s → %(after)s"),
                {
                    "part": part,
                    "value": threshold.label,
                    "before": _value(threshold, was, currencies[0]),
                    "after": _value(threshold, now, currencies[1]),
                },
            )


def _value(threshold: Threshold, raw: Any, currency: str) -> Callable[[], str]:
    return lambda: wording.value(threshold, raw, currency)


def _order(before: Content, after: Content) -> Iterator[Change]:
    """The checks that stand elsewhere: the fewest whose moving explains the new order."""
    was, now = ([row["check"] for row in content["checks"]] for content in (before, after))
    stayed = set(longest_rising([was.index(code) for code in now]))
    for place, code in enumerate(now, start=1):
        if was.index(code) not in stayed:
            yield Change(
                _("%(part)s: moved from place %(before)s to place %(after)s"),
                {
                    "part": CheckCode(code).label,
                    "before": str(was.index(code) + 1),
                    "after": str(place),
                },
            )


def longest_rising(places: list[int]) -> list[int]:
    """The longest run of rising numbers that is left when some of `places` are taken out."""
    best: list[list[int]] = []
    for place in places:
        before = [run for run in best if run[-1] < place]
        best.append([*max(before, key=len, default=[]), place])
    return max(best, key=len, default=[])


def _exemptions(before: Content, after: Content) -> Iterator[Change]:
    was, now = (
        {row["exemption"]: row for row in content["exemptions"]} for content in (before, after)
    )
    for code in Exemption.values:
        part = Exemption(code).label
        old, new = was.get(code), now.get(code)
        if old and not new:
            yield Change(_("Exemption “%(part)s” removed"), {"part": part})
        elif new and not old:
            text = _("Exemption “%(part)s” added; skips: %(checks)s")
            yield Change(text, {"part": part, "checks": _skips(new)})
        elif old and new:
            yield from _values(part, EXEMPTION_VALUES[code], old, new, _both(before, after))
            if old["skips"] != new["skips"]:
                text = _("Exemption “%(part)s”: skips %(before)s → %(after)s")
                yield Change(text, {"part": part, "before": _skips(old), "after": _skips(new)})


def _skips(row: Content) -> Callable[[], str]:
    return lambda: wording.exemption_skips(row)


def _rules(before: Content, after: Content) -> Iterator[Change]:
    was, now = ({rule["code"]: rule for rule in content["rules"]} for content in (before, after))
    for code, rule in now.items():
        if code in was:
            yield from _rule(was[code], rule)
        else:
            text = _("Gate rule “%(part)s” added (%(severity)s): %(condition)s")
            yield Change(text, _told(rule))
    for code, rule in was.items():
        if code not in now:
            text = _("Gate rule “%(part)s” removed (%(severity)s): %(condition)s")
            yield Change(text, _told(rule))
    kept = [code for code in was if code in now]
    if kept != [code for code in now if code in was]:
        yield Change(_("The gate rules stand in another order"))


def _told(rule: Content) -> dict[str, Shown]:
    return {
        "part": _name(rule),
        "severity": CheckSeverity(rule["severity"]).label,
        "condition": lambda: wording.condition(rule),
    }


def _name(rule: Content) -> Callable[[], str]:
    return lambda: wording.rule_name(rule)


def _rule(old: Content, new: Content) -> Iterator[Change]:
    part = _name(new)
    if old["names"] != new["names"]:
        names = [" / ".join(filter(None, rule["names"].values())) for rule in (old, new)]
        text = _("Gate rule “%(part)s”: name %(before)s → %(after)s")
        yield Change(text, {"part": part, "before": names[0], "after": names[1]})
    text = _("Gate rule “%(part)s”: severity %(before)s → %(after)s")
    yield from _severity(text, part, old, new)
    if _core(old["condition"]) != _core(new["condition"]):
        yield Change(
            _("Gate rule “%(part)s”: “%(before)s” → “%(after)s”"),
            {
                "part": part,
                "before": lambda: wording.condition(old),
                "after": lambda: wording.condition(new),
            },
        )


def _core(condition: Content) -> Content:
    """A group of one part says no more than the part."""
    while len(condition) == 1 and isinstance(parts := next(iter(condition.values())), list):
        if len(parts) != 1:
            break
        condition = parts[0]
    return condition
