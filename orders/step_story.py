"""What the lifecycle writes down about an order, in sentences with their figures."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credit.enums import CheckCode
from journal.attachments.enums import FileAction
from orders.conditions import recorded_demand
from orders.enums import HoldReason, OrderAction
from orders.story_goods import GOODS
from orders.telling import Look, declare_looks, no_figures
from staff.figures import money
from staff.listing import listed

# Action -> kind, icon, colour of its mark.
_LOOKS: dict[str, tuple[str, str, str]] = {
    OrderAction.CREATED: ("people", "pencil", ""),
    OrderAction.EDITED: ("people", "pencil", ""),
    OrderAction.SUBMITTED: ("decisions", "send", "azure"),
    OrderAction.CREDIT_PASSED: ("decisions", "shield-check", "teal"),
    OrderAction.CREDIT_FAILED: ("decisions", "shield-x", "orange"),
    OrderAction.RECHECKED: ("decisions", "refresh", ""),
    OrderAction.APPROVED: ("decisions", "circle-check", "blue"),
    OrderAction.REJECTED: ("decisions", "circle-x", "red"),
    OrderAction.AMENDED: ("people", "pencil", "orange"),
    OrderAction.REOPENED: ("decisions", "shield-x", "orange"),
    OrderAction.SPLIT: ("people", "copy", ""),
    OrderAction.SPLIT_OFF: ("people", "copy", ""),
    OrderAction.TAKEN_BACK: ("people", "arrow-back-up", ""),
    OrderAction.SENT_BACK: ("decisions", "arrow-back-up", "orange"),
    OrderAction.CANCELLED: ("people", "ban", ""),
    OrderAction.PAID: ("money", "cash", "green"),
    OrderAction.PAYMENT_UNDONE: ("money", "cash", "orange"),
    OrderAction.REFUNDED: ("money", "arrow-back-up", "orange"),
    OrderAction.INVOICED: ("money", "file-invoice", ""),
    OrderAction.ALLOCATED: ("goods", "bookmark", ""),
    OrderAction.FREED: ("goods", "lock-open", ""),
    OrderAction.PICKED: ("goods", "list-check", ""),
    OrderAction.SCANNED: ("goods", "map-pin", ""),
    OrderAction.REPLACED: ("goods", "refresh", ""),
    OrderAction.REPLACES: ("goods", "refresh", ""),
    OrderAction.EVENT_WAITS: ("goods", "hourglass", "orange"),
    OrderAction.EVENT_REFUSED: ("goods", "circle-x", "orange"),
    OrderAction.EVENT_DISMISSED: ("goods", "minus", ""),
    OrderAction.PARTLY_SHIPPED: ("goods", "package-export", "indigo"),
    OrderAction.SHIPPED: ("goods", "truck", "indigo"),
    OrderAction.CLOSED_SHORT: ("goods", "minus", "orange"),
    OrderAction.RETURNED: ("goods", "arrow-back-up", "orange"),
    OrderAction.DELIVERED: ("goods", "package", "cyan"),
    OrderAction.COMPLETED: ("goods", "checks", "green"),
    OrderAction.HELD: ("people", "lock", "orange"),
    OrderAction.HOLD_RELEASED: ("people", "lock-open", "green"),
    OrderAction.CONDITION_SET: ("decisions", "hourglass", ""),
    OrderAction.CONDITION_MET: ("decisions", "circle-check", "green"),
    OrderAction.CONDITION_UNMET: ("decisions", "hourglass", "orange"),
    OrderAction.CONDITION_DROPPED: ("decisions", "minus", ""),
    OrderAction.WRONGLY_HELD: ("decisions", "hand-stop", "orange"),
    OrderAction.MISJUDGED: ("decisions", "hand-stop", "orange"),
    FileAction.ATTACHED: ("people", "paperclip", ""),
    FileAction.REMOVED: ("people", "trash", "orange"),
}


def _amount(figures: dict[str, Any], name: str) -> str:
    value = figures.get(name)
    if value is None:
        return "–"
    text = money(Decimal(str(value)))
    return f"{text} {figures.get('currency', '')}".strip()


def _amounts(text: Any, *names: str) -> Callable[[dict[str, Any]], str]:
    def sentence(figures: dict[str, Any]) -> str:
        return str(text) % {name: _amount(figures, name) for name in names}

    return sentence


def _created(figures: dict[str, Any]) -> str:
    count = figures.get("lines", 0)
    text = ngettext(
        "%(count)d line, %(total)s with tax.", "%(count)d lines, %(total)s with tax.", count
    )
    return text % {"count": count, "total": _amount(figures, "total")}


def _edited(figures: dict[str, Any]) -> str:
    values = {name: _amount(figures, name) for name in ("before", "after")}
    if values["before"] == values["after"]:
        return _("The total stayed at %(after)s.") % values
    return _("From %(before)s to %(after)s.") % values


def _failed(figures: dict[str, Any]) -> str:
    reasons = _names(CheckCode, figures.get("reasons", []))
    if Decimal(str(figures.get("excess") or 0)) > 0:
        return _("%(reasons)s: %(excess)s over the limit.") % {
            "reasons": reasons,
            "excess": _amount(figures, "excess"),
        }
    return _("Reason: %(reasons)s.") % {"reasons": reasons}


def _approved(figures: dict[str, Any]) -> str:
    text = _("%(reserved)s reserved; %(used)s of the limit is used now.") % {
        "reserved": _amount(figures, "reserved"),
        "used": _amount(figures, "used"),
    }
    waived = _names(CheckCode, figures.get("waived", []))
    if not waived:
        return text
    return _("%(text)s Released in spite of: %(reasons)s.") % {"text": text, "reasons": waived}


def _paid(figures: dict[str, Any]) -> str:
    values = {
        "amount": _amount(figures, "amount"),
        "left": _amount(figures, "left"),
        "reference": figures.get("reference") or "",
    }
    if values["reference"]:
        return _("%(amount)s received, reference %(reference)s; %(left)s left to pay.") % values
    return _("%(amount)s received; %(left)s left to pay.") % values


def _refunded(figures: dict[str, Any]) -> str:
    values = {
        "amount": _amount(figures, "amount"),
        "paid": _amount(figures, "paid"),
        "reference": figures.get("reference") or "",
    }
    if values["reference"]:
        return _("%(amount)s given back, reference %(reference)s; %(paid)s stays paid.") % values
    return _("%(amount)s given back; %(paid)s stays paid.") % values


def _shipped(figures: dict[str, Any]) -> str:
    parts = [figures.get("carrier"), figures.get("tracking_number")]
    return " · ".join(str(part) for part in parts if part)


def _partly_shipped(figures: dict[str, Any]) -> str:
    text = _("Goods worth %(amount)s shipped; %(left)s still to ship.") % {
        "amount": _amount(figures, "amount"),
        "left": _amount(figures, "left"),
    }
    return "\n".join(part for part in (text, _shipped(figures)) if part)


def _invoiced(figures: dict[str, Any]) -> str:
    values = {
        "number": figures.get("number", ""),
        "amount": _amount(figures, "amount"),
        "left": _amount(figures, "left"),
    }
    if Decimal(str(figures.get("left") or 0)) > 0:
        return _("Invoice %(number)s of %(amount)s; %(left)s left to invoice.") % values
    if "amount" in figures:
        return _("Invoice %(number)s of %(amount)s.") % values
    return _("Invoice %(number)s.") % values


def _owing_less(text: Any) -> Callable[[dict[str, Any]], str]:
    def sentence(figures: dict[str, Any]) -> str:
        told = str(text) % {name: _amount(figures, name) for name in ("amount", "owed")}
        if Decimal(str(figures.get("credit_due") or 0)) <= 0:
            return told
        due = _("A credit note of %(due)s is due.") % {"due": _amount(figures, "credit_due")}
        return f"{told} {due}"

    return sentence


def _hold(figures: dict[str, Any]) -> str:
    reason = _names(HoldReason, [figures.get("reason", "")])
    if figures.get("forced"):
        return _("Reason: %(reason)s; the hold is forced.") % {"reason": reason}
    return _("Reason: %(reason)s.") % {"reason": reason}


def _names(choices: Any, codes: Iterable[str]) -> str:
    labels = dict(choices.choices)
    return listed(labels.get(code, code) for code in codes)


def _file(figures: dict[str, Any]) -> str:
    size = filesizeformat(figures.get("size", 0))
    parts = [figures.get("name"), figures.get("about"), size]
    return " · ".join(str(part) for part in parts if part)


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    OrderAction.CREATED: _created,
    OrderAction.EDITED: _edited,
    OrderAction.SPLIT: _amounts(
        gettext_lazy("What did not fit, %(total)s, became an order of its own."), "total"
    ),
    OrderAction.SPLIT_OFF: _amounts(
        gettext_lazy("The part that fitted, %(total)s, stayed on the other order."), "total"
    ),
    OrderAction.AMENDED: _amounts(gettext_lazy("%(total)s with tax."), "total"),
    OrderAction.SUBMITTED: _amounts(gettext_lazy("%(total)s with tax."), "total"),
    OrderAction.CREDIT_FAILED: _failed,
    OrderAction.APPROVED: _approved,
    OrderAction.PAID: _paid,
    OrderAction.REFUNDED: _refunded,
    OrderAction.SHIPPED: _shipped,
    OrderAction.PARTLY_SHIPPED: _partly_shipped,
    **GOODS,
    OrderAction.CLOSED_SHORT: _owing_less(
        gettext_lazy("Goods worth %(amount)s do not ship; %(owed)s is owed in all.")
    ),
    OrderAction.RETURNED: _owing_less(
        gettext_lazy("Goods worth %(amount)s came back; %(owed)s is owed in all.")
    ),
    OrderAction.INVOICED: _invoiced,
    OrderAction.CONDITION_SET: recorded_demand,
    OrderAction.CONDITION_MET: recorded_demand,
    OrderAction.CONDITION_UNMET: recorded_demand,
    OrderAction.CONDITION_DROPPED: recorded_demand,
    OrderAction.HELD: _hold,
    OrderAction.HOLD_RELEASED: _hold,
    OrderAction.WRONGLY_HELD: _hold,
    FileAction.ATTACHED: _file,
    FileAction.REMOVED: _file,
    OrderAction.MISJUDGED: lambda figures: _names(CheckCode, [figures.get("check", "")]),
}

declare_looks(
    {action: Look(*look, _SENTENCES.get(action, no_figures)) for action, look in _LOOKS.items()}
)
