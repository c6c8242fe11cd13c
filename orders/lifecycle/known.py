"""Orders that their source sent before: there is one for each number at a source."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from credit.models import CreditAccount, Customer
from orders.errors import AlreadyThere
from orders.models import Order
from staff.prepared import ask
from staff.rows import columns, instance, width
from staff.sentences import sentence as _

if TYPE_CHECKING:
    from orders.lifecycle.draft import NewDraft, Origin

# Id and number of the order, by source and number at the source.
Known = dict[tuple[str, str], tuple[int, str]]


def customer_and_known(customer_id: int, origin: "Origin") -> tuple[Customer, Known]:
    """The customer with their account, and what is known of the number at the source. One query.

    Raises Customer.DoesNotExist.
    """
    row = ask((_customer_sql(), [origin.source, origin.external_id, customer_id]))
    if row is None:
        raise Customer.DoesNotExist
    *found, order_id, number = row
    customer = instance(Customer, found[: width(Customer)])
    account = found[width(Customer) :]
    if account[0]:
        customer.account = instance(CreditAccount, account)
    return customer, {(origin.source, origin.external_id): (order_id, number)} if order_id else {}


@cache
def _customer_sql() -> str:
    # The columns are the models' own.
    return f"""
        SELECT {columns(Customer, "c")}, {columns(CreditAccount, "a")}, o.id, o.number
        FROM credit_customer c
        LEFT JOIN credit_creditaccount a ON a.customer_id = c.id
        LEFT JOIN orders_order o
            ON o.source = %s AND o.external_id = %s AND NOT o.external_id = ''
        WHERE c.id = %s
    """  # noqa: S608


def already(origin: "Origin") -> AlreadyThere:
    """The refusal of an order that its source sent before. Raises Order.DoesNotExist without it."""
    there = Order.objects.get(source=origin.source, external_id=origin.external_id)
    return _already(origin, there.pk, there.number)


def known_of(drafts: Sequence["NewDraft"]) -> Known:
    """The orders that have a number at the source of one of the drafts. One query, or none."""
    wanted = {draft.origin.external_id for draft in drafts} - {""}
    if not wanted:
        return {}
    sources = {draft.origin.source for draft in drafts}
    found = Order.objects.filter(source__in=sources, external_id__in=wanted)
    return {
        (source, external_id): (pk, number)
        for source, external_id, pk, number in found.values_list(
            "source", "external_id", "pk", "number"
        )
    }


def guard_unknown(origin: "Origin", known: Known) -> None:
    """Raises AlreadyThere for a number that is known, as in an earlier draft of the same batch."""
    if number := known.get((origin.source, origin.external_id)):
        raise _already(origin, *number)


def note(origin: "Origin", known: Known) -> None:
    """Let the drafts that come after in the batch know of this one."""
    if origin.external_id:
        known[origin.source, origin.external_id] = (0, _("of the same batch"))


def _already(origin: "Origin", order_id: int, number: str) -> AlreadyThere:
    text = _("%(external_id)s is there already, as order %(number)s.")
    return AlreadyThere(text % {"external_id": origin.external_id, "number": number}, order_id)
