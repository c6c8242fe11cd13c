"""One page of an order's timeline: as dear with ten entries as with ten thousand."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from credit.enums import CreditAction
from journal.models import Entry
from orders.enums import OrderAction
from orders.models import Order
from orders.story import KINDS, Event, events, kind_of, late
from orders.telling import looks
from staff.keyset import page

SHOWN = 40
# Written beside an entry of the order that says the same.
_REPEATED = (CreditAction.INVOICE_ISSUED,)
# Where what nobody declared is shown.
_OTHERS = "people"


@dataclass(frozen=True)
class Timeline:
    """The events of one page, the addresses of its neighbours, and the kinds to choose from."""

    events: list[Event]
    newer: str | None
    older: str | None
    kinds: list[dict[str, Any]]


def timeline(request: HttpRequest, order: Order) -> Timeline:
    """The page that the address asks for: `show` a kind, `before` and `after` as in every list."""
    show = request.GET.get("show", "")
    show = show if show in KINDS else ""
    found = page(_only(entries_of(order), show), request, keys=("-at", "-id"), size=SHOWN)
    credit = request.user.has_perm("credit.view_creditaccount")
    told = events(found.rows, imported=imported(order), credit=credit)
    newer, older = (address and _on_page(order, address) for address in (found.newer, found.older))
    return Timeline(told, newer, older, _kinds(order, show))


def entries_of(order: Order) -> Any:
    """What happened to the order, newest first, each thing once."""
    return Entry.objects.for_order(order.pk).exclude(action__in=_REPEATED)


def ending(order: Order) -> Entry | None:
    """The last step into the state in which the order is, if it was given a reason."""
    steps = Entry.objects.for_order(order.pk).filter(to_state=order.state)
    return steps.exclude(reason="").first()


def imported(order: Order) -> bool:
    """Whether the whole order was entered late, so that its steps need not say so each."""
    created = Entry.objects.filter(order_id=order.pk, action=OrderAction.CREATED).first()
    return created is not None and late(created)


def _only(entries: Any, show: str) -> Any:
    if not show:
        return entries
    named = {kind: [a for a in looks() if kind_of(a) == kind] for kind in KINDS}
    if show != _OTHERS:
        return entries.filter(action__in=named[show])
    others = [action for kind, actions in named.items() if kind != show for action in actions]
    return entries.filter(~Q(action__in=others))


def _kinds(order: Order, show: str) -> list[dict[str, Any]]:
    kinds = [("", _("Everything")), *KINDS.items()]
    return [
        {"label": label, "url": _on_page(order, f"?show={code}"), "current": code == show}
        for code, label in kinds
    ]


def _on_page(order: Order, query: str) -> str:
    """The address on the page of the order, whichever action was done when it is drawn."""
    return f"{reverse('orders:detail', args=[order.pk])}{query}#timeline"
