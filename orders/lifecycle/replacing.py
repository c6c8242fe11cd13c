"""Goods that came back are sent once more: as an order of their own that costs nothing."""

from dataclasses import replace as replace_field
from datetime import datetime

from django.db import transaction

from credit.money import ZERO
from journal.record import record
from orders import policies
from orders.amounts import LineInput
from orders.enums import OrderAction
from orders.errors import OrderError
from orders.lifecycle.draft import write
from orders.lifecycle.splitting import header_of
from orders.lifecycle.steps import lock_order, may
from orders.models import Order, Return, ReturnLine
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def replace(*, return_id: int, by: User, at: datetime) -> Order:
    """Enter an order over what came back with a return, free of charge; it begins as a draft.

    It goes through the gate and leaves like any other, and asks for neither credit nor money.
    Raises PermissionDenied, or OrderError when the return is replaced already.
    """
    returned = Return.objects.get(pk=return_id)
    old = lock_order(returned.order_id)
    may(by, policies.can_replace, old)
    if returned.replacements.exists():
        raise OrderError(_("What came back is replaced already."))
    order = Order(
        customer=old.customer,
        account_id=old.account_id,
        owner_id=old.customer.owner_id,
        created_at=at,
        replaces=returned,
    )
    header = replace_field(header_of(old), promised_at=None)
    write(order, header, [_free(one) for one in returned.lines.select_related("order_line")])
    for one, action, other in (
        (old, OrderAction.REPLACED, order),
        (order, OrderAction.REPLACES, old),
    ):
        figures = {"order": other.pk, "number": other.number}
        record(action=action, subject=one, by=by, at=at, to_state=one.state, data=figures)
    return order


def _free(one: ReturnLine) -> LineInput:
    line = one.order_line
    return LineInput(
        product_id=line.product_id,
        quantity=one.quantity,
        price=ZERO,
        tax_percent=line.tax_percent,
        lot=line.lot,
    )
