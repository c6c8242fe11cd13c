"""Search everything: the first few orders, customers, tickets and products that match."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from credit.models import Customer
from exceptions.models import Ticket
from orders.models import Order, Product
from staff.models import User

SHOWN = 8  # of each kind; the list of that kind shows the rest
_TICKET_NUMBER = re.compile(r"\s*(?:TK-)?0*([0-9]{1,18})\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Hit:
    """One thing found, with the words to recognise it by."""

    pk: int
    url: str
    name: str
    text: str
    state: str = ""
    state_label: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind. `more` is the list with all of it, empty when all is shown."""

    kind: str
    label: str
    hits: list[Hit]
    more: str


def everything(user: User, words: str) -> list[Group]:
    """What `user` may see and `words` match, by kind; kinds with nothing are left out."""
    kinds: list[tuple[str, str, str, str, Callable[[User, str], Iterable[Hit]]]] = [
        ("orders.view_order", "orders", _("Orders"), "orders:list", _orders),
        ("credit.view_customer", "customers", _("Customers"), "credit:customers", _customers),
        ("exceptions.view_ticket", "tickets", _("Tickets"), "exceptions:tickets", _tickets),
        ("orders.view_product", "products", _("Products"), "orders:products", _products),
    ]
    groups = []
    for permission, kind, label, listing, find in kinds:
        hits = list(find(user, words)) if words and user.has_perm(permission) else []
        if hits:
            more = f"{reverse(listing)}?{urlencode({'q': words})}" if len(hits) > SHOWN else ""
            groups.append(Group(kind, label, hits[:SHOWN], more))
    return groups


def exact(groups: list[Group], words: str) -> Hit | None:
    """The one thing whose number or code is just what was typed, if there is exactly one."""
    same = [hit for group in groups for hit in group.hits if hit.name.lower() == words.lower()]
    return same[0] if len(same) == 1 else None


def _orders(user: User, words: str) -> Iterable[Hit]:
    found = Order.objects.for_user(user).search(words).select_related("customer").order_by("-pk")
    for order in found[: SHOWN + 1]:
        label = order.get_state_display()
        url = reverse("orders:detail", args=[order.pk])
        yield Hit(order.pk, url, order.number, order.customer.name, order.state, label)


def _customers(user: User, words: str) -> Iterable[Hit]:
    found = Customer.objects.for_user(user).search(words).order_by("code")
    for customer in found[: SHOWN + 1]:
        label = customer.get_status_display()
        url = reverse("credit:customer", args=[customer.pk])
        yield Hit(customer.pk, url, customer.code, customer.name, customer.status, label)


def _tickets(user: User, words: str) -> Iterable[Hit]:
    number = _TICKET_NUMBER.fullmatch(words)
    tickets = Ticket.objects.for_user(user).select_related("rule", "order__customer")
    found = (
        tickets.filter(pk=int(number[1])) if number else tickets.filter(summary__icontains=words)
    )
    for ticket in found.order_by("-pk")[: SHOWN + 1]:
        order = ticket.order
        about = [order.number, order.customer.name] if order else []
        text = " · ".join([ticket.title, *about])
        url = reverse("exceptions:ticket", args=[ticket.pk])
        label = ticket.get_state_display()
        yield Hit(ticket.pk, url, ticket.number, text, ticket.state, label)


def _products(user: User, words: str) -> Iterable[Hit]:
    found = Product.objects.search(words).order_by("sku")
    for product in found[: SHOWN + 1]:
        listing = f"{reverse('orders:products')}?{urlencode({'q': product.sku})}"
        yield Hit(product.pk, listing, product.sku, product.name)
