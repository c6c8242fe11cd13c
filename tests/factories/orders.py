"""Products, and orders brought to each state by the verbs themselves.

Each verb here takes an order and fills in what a test does not care about: somebody who may do it,
and the fixed present.
"""

from decimal import Decimal
from itertools import count

from approvals import lifecycle as approvals
from approvals.models import ApprovalRequest
from credit.enums import LimitKind
from orders import lifecycle
from orders.amounts import LineInput
from orders.conditions import ConditionInput
from orders.enums import CLOSED, ConditionKind, FlagKind, HoldReason
from orders.lifecycle.draft import Header
from orders.models import Order, Product, ProductPrice
from tests.factories import credit
from tests.factories.moments import NOW
from tests.factories.staff import decider, person

_number = count(1)


def product(price="10.00", *, cost=None, currency="CNY", **values):
    number = next(_number)
    made = Product.objects.create(
        **{"sku": f"SKU{number:05}", "name": f"Product {number}"} | values
    )
    ProductPrice.objects.create(
        product=made,
        currency=currency,
        price=Decimal(price),
        cost=None if cost is None else Decimal(cost),
    )
    return made


def line(total="90.00", *, product_id=None, lot="", **values):
    """A line of one piece without tax, so that its price is what the order comes to."""
    values = {"quantity": "1", "price": total, "tax_percent": "0"} | values
    figures = {name: Decimal(value) for name, value in values.items()}
    return LineInput(product_id=product_id or product().pk, lot=lot, **figures)


def header(**values):
    return Header(**{"currency": "CNY", "payment_days": 30} | values)


def draft(account, total="90.00", *, lines=None, by=None, at=NOW, currency=None, **values):
    return lifecycle.create_draft(
        customer_id=account.customer_id,
        header=header(currency=currency or account.currency),
        lines=lines or [line(total)],
        by=by or account.customer.owner,
        at=at,
        **values,
    )


def submit(order, *, by=None, at=NOW, **values):
    return lifecycle.submit(order_id=order.pk, by=by or order.owner, at=at, **values)


def take_back(order, *, by=None, reason="wrong lines", at=NOW):
    return lifecycle.take_back(order_id=order.pk, by=by or order.owner, reason=reason, at=at)


def cancel(order, *, by=None, reason="not wanted", at=NOW):
    return lifecycle.cancel(order_id=order.pk, by=by or order.owner, reason=reason, at=at)


def open_request(order):
    return ApprovalRequest.objects.open().get(order=order)


def conditional(order, *wanted, by=None, reason="will pay", at=NOW):
    """Released by an approver on these conditions, past the request for its release."""
    approvals.withdraw(order=order, by=None, reason="-", at=at)
    return lifecycle.approve(
        order_id=order.pk,
        by=by or person("credit_analyst"),
        reason=reason,
        at=at,
        seen_decision_id=order.decisions.latest("pk").pk,
        conditions=wanted,
    )


def prepay(percent="30"):
    return ConditionInput(ConditionKind.PREPAY, percent=Decimal(percent))


def guarantee(text="bank guarantee"):
    return ConditionInput(ConditionKind.GUARANTEE, text=text)


def up_to(amount):
    return ConditionInput(ConditionKind.AMOUNT, amount=Decimal(amount))


def pay_within(days=15):
    return ConditionInput(ConditionKind.PAY_WITHIN, days=days)


def meet(condition, *, by=None, evidence="letter 12", at=NOW):
    return lifecycle.meet_condition(
        condition_id=condition.pk, by=by or person("finance"), evidence=evidence, at=at
    )


def approve(order, *, by=None, comment="will pay", at=NOW, seen=None):
    request = open_request(order)
    return approvals.approve(
        request_id=request.pk,
        by=by or person("credit_analyst"),
        comment=comment,
        at=at,
        seen_decision_id=seen or request.decision_id,
    )


def reject(order, *, by=None, comment="too much", at=NOW):
    return approvals.reject(
        request_id=open_request(order).pk, by=by or person("credit_analyst"), comment=comment, at=at
    )


def pay(order, amount=None, *, by=None, happened_at=None, at=NOW, **values):
    return lifecycle.record_payment(
        order_id=order.pk,
        amount=order.unpaid if amount is None else Decimal(amount),
        by=by or person("finance"),
        happened_at=happened_at or at,
        at=at,
        **values,
    )


def ship(order, *, by=None, happened_at=None, at=NOW, **values):
    return lifecycle.ship(
        order_id=order.pk,
        by=by or person("warehouse"),
        happened_at=happened_at or at,
        at=at,
        **values,
    )


def deliver(order, *, by=None, happened_at=None, at=NOW):
    return lifecycle.deliver(
        order_id=order.pk, by=by or person("warehouse"), happened_at=happened_at or at, at=at
    )


def invoice(order, amount=None, *, number=None, by=None, happened_at=None, at=NOW):
    return lifecycle.invoice(
        order_id=order.pk,
        number=number or f"INV-{next(_number)}",
        amount=None if amount is None else Decimal(amount),
        by=by or person("finance"),
        happened_at=happened_at or at,
        at=at,
    )


def quantities(order, *pieces):
    """The first lines of the order with so many pieces each, as verbs take them."""
    return dict(zip(order.lines.values_list("pk", flat=True), map(Decimal, pieces), strict=False))


def ship_part(order, *pieces, **values):
    return ship(order, quantities=quantities(order, *pieces), **values)


def return_goods(order, *pieces, by=None, reason="damaged", happened_at=None, at=NOW):
    return lifecycle.return_goods(
        order_id=order.pk,
        quantities=quantities(order, *(pieces or ("1",))),
        reason=reason,
        by=by or person("warehouse"),
        happened_at=happened_at or at,
        at=at,
    )


def refund(order, amount=None, *, by=None, reason="paid twice", happened_at=None, at=NOW, **values):
    return lifecycle.refund(
        order_id=order.pk,
        amount=order.overpaid if amount is None else Decimal(amount),
        reason=reason,
        by=by or person("finance"),
        happened_at=happened_at or at,
        at=at,
        **values,
    )


def close_short(order, *, by=None, reason="sold out", happened_at=None, at=NOW):
    return lifecycle.close_short(
        order_id=order.pk,
        reason=reason,
        by=by or person("sales_manager"),
        happened_at=happened_at or at,
        at=at,
    )


def hold(order, *, by=None, reason=HoldReason.ADDRESS, note="which door?", at=NOW, **values):
    return lifecycle.place_hold(
        order_id=order.pk, reason=reason, note=note, by=by or person("warehouse"), at=at, **values
    )


def flag(product=None, *, by=None, kind=FlagKind.QUALITY, at=NOW, **values):
    """A flag on the product, or on the category that `values` name."""
    values = {"evidence": "complaints 12 and 15"} | values
    if product is not None:
        values["product_id"] = product.pk
    return lifecycle.raise_flag(kind=kind, by=by or person("warehouse"), at=at, **values)


def released(total="90.00", **account_values):
    """An order that passed the gate and has its credit reserved."""
    return submit(draft(credit.account(**account_values), total))


def failed(total="90.00", *, limit="50.00", **account_values):
    """An order over the limit, whose request waits for an answer that somebody can give."""
    decider()
    return submit(draft(credit.account(limit, **account_values), total))


def in_pieces(*prices, pieces="10", **account_values):
    """A released order with a line of so many pieces at each price."""
    lines = [line(price, quantity=pieces) for price in prices or ("10.00",)]
    return submit(draft(credit.account(**account_values), lines=lines))


def partly_shipped(**account_values):
    """Four of ten pieces at 10.00 have left."""
    return ship_part(in_pieces(**account_values), "4")


def shipped(total="90.00", **account_values):
    return ship(released(total, **account_values))


def delivered(total="90.00", **account_values):
    return deliver(shipped(total, **account_values))


def completed(total="90.00", **account_values):
    return pay(invoice(delivered(total, **account_values)))


def without_credit():
    """An account that may not buy on credit at all."""
    return credit.account(kind=LimitKind.NONE)


# A way through the diagram to each state, for tests that care about the state alone.
_WAYS = {
    "draft": "",
    "submitted": "submitted",
    "credit_passed": "submitted credit_passed",
    "credit_failed": "submitted credit_failed",
    "approved": "submitted credit_passed approved",
    "partly_shipped": "submitted credit_passed approved partly_shipped",
    "shipped": "submitted credit_passed approved shipped",
    "delivered": "submitted credit_passed approved shipped delivered",
    "completed": "submitted credit_passed approved shipped delivered completed",
    "rejected": "submitted credit_failed rejected",
    "cancelled": "cancelled",
}


def in_state(state):
    """An order moved along the diagram behind the verbs' back: no ledger, no decision."""
    order = draft(credit.account())
    for step in _WAYS[state].split():
        closed_at = NOW if step in CLOSED else None
        Order.objects.filter(pk=order.pk).update(state=step, closed_at=closed_at)
    return Order.objects.get(pk=order.pk)
