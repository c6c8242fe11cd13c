"""The sums behind a credit decision, as a reader adds them up. Pure, from what it recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enums import CheckCode, LimitKind
from credit.money import ZERO

Figures = dict[str, Any]
_USED: dict[str, str | Promise] = {
    "receivable": gettext_lazy("Receivable"),
    "delivered": gettext_lazy("Delivered, not invoiced"),
    "reserved": gettext_lazy("Reserved for released orders"),
}
_LIMIT: dict[str, str | Promise] = {
    "base": gettext_lazy("Base limit"),
    "temporary": gettext_lazy("Temporary limit"),
    "secured": gettext_lazy("Secured limit"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sum; a `total` closes what stands above it."""

    label: str
    amount: Decimal
    total: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """What is used with the order, against what may be used, in one currency.

    `note` says why there is nothing to compare with.
    """

    title: str
    currency: str
    rows: list[Row]
    note: str = ""


def sums(decision_facts: Figures | None, checks: list[Figures]) -> list[Sum]:
    """The account's own sum and one for each group above it; none of decisions without figures."""
    found = {check["code"]: check["figures"] for check in checks}
    limit = found.get(CheckCode.LIMIT)
    if not limit or "used" not in limit or "order" not in limit:
        return []
    held = Decimal((decision_facts or {}).get("order", {}).get("held", "0"))
    made = [_own(limit, held)]
    for group in found.get(CheckCode.GROUP_LIMIT, {}).get("groups", []):
        title = _("Group %(group)s") % {"group": group["group"]}
        used = Row(_("Used by the group"), Decimal(group["used"]))
        made.append(_sum(title, [used], group))
    return made


def _own(figures: Figures, held: Decimal) -> Sum:
    rows = [
        Row(str(label), Decimal(figures[name]))
        for name, label in _USED.items()
        if figures.get(name)
    ]
    if held:
        rows.append(Row(_("Of that this order itself, as it was released"), -held))
    rows.append(Row(_("Used apart from this order"), Decimal(figures["used"]), total=True))
    return _sum(_("Account of the customer"), rows, figures)


def _sum(title: str, rows: list[Row], figures: Figures) -> Sum:
    rows = [
        *rows,
        Row(_("This order"), Decimal(figures["order"])),
        Row(_("Used with this order"), Decimal(figures["observed"]), total=True),
    ]
    if "limit" not in figures:
        return Sum(title, figures["currency"], rows, _unlimited(figures))
    return Sum(title, figures["currency"], [*rows, *_against(figures)])


def _against(figures: Figures) -> Iterator[Row]:
    for name, label in _LIMIT.items():
        if Decimal(figures.get(name) or 0):
            yield Row(str(label), Decimal(figures[name]))
    yield Row(_("Limit"), Decimal(figures["limit"]), total=True)
    if figures["percent"] != "100":
        label = _("Of that may be used: %(percent)s %%") % {"percent": figures["percent"]}
        yield Row(label, Decimal(figures["threshold"]), total=True)
    if Decimal(figures["tolerance"]):
        yield Row(_("Tolerated above that"), Decimal(figures["tolerance"]))
    headroom = Decimal(figures["headroom"])
    if headroom < ZERO:
        yield Row(_("Over the limit"), -headroom, total=True, over=True)
    else:
        yield Row(_("Left below the limit"), headroom, total=True)


def _unlimited(figures: Figures) -> str:
    if figures["kind"] == LimitKind.GROUP:
        return _("The account has no limit of its own; that of its group applies.")
    return _("There is no limit.")
