"""Every verb of an order, with who may use it and from where, for tests that walk over them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from orders import lifecycle
from orders.enums import HoldReason, OrderState
from orders.models import Warehouse
from staff.roles import Role
from tests.factories import goods, orders
from tests.factories.moments import NOW

SELLERS = {Role.SALES_MANAGER}
DECIDERS = {Role.CREDIT_ANALYST, Role.APPROVER_1, Role.APPROVER_2}
HOLDERS = DECIDERS | {
    Role.SALES_MANAGER,
    Role.FINANCE,
    Role.WAREHOUSE,
    Role.SUPPLY_CHAIN,
    Role.CUSTOMER_SERVICE,
}
EVERY_STATE = set(OrderState.values)
WAITING = {"credit_passed", "credit_failed"}
UNSHIPPED = {"submitted", "credit_passed", "credit_failed", "approved"}
SENT = {"shipped", "delivered", "completed"}
HOLDABLE = UNSHIPPED | {"partly_shipped"}


@dataclass(frozen=True)
class Verb:
    """`ready` makes an order that the verb fits, `roles` may use it on other people's orders."""

    call: Callable
    ready: Callable
    roles: set
    states: set


def _decided(verb):
    def call(order, by, **values):
        seen = order.decisions.order_by("pk").values_list("pk", flat=True).last()
        return verb(order_id=order.pk, by=by, reason="why", at=NOW, seen_decision_id=seen or 0)

    return call


def _drafted():
    return orders.draft(orders.credit.account())


def _edit(order, by):
    return lifecycle.edit_draft(
        order_id=order.pk,
        header=orders.header(),
        lines=[orders.line("70.00")],
        seen_version=order.version,
        by=by,
        at=NOW,
    )


def _amend(order, by):
    return lifecycle.amend(
        order_id=order.pk,
        header=orders.header(),
        lines=[orders.line("70.00")],
        reason="why",
        seen_version=order.version,
        by=by,
        at=NOW,
    )


def _divisible():
    """A failed order of ten pieces, of which five fit."""
    account = orders.credit.account("50.00")
    return orders.submit(orders.draft(account, lines=[orders.line("10.00", quantity="10")]))


def _split(order, by):
    return lifecycle.split(order_id=order.pk, by=by, at=NOW, seen_version=order.version)


def _check_release(order, by):
    late = NOW + timedelta(days=31)
    return lifecycle.check_release(order_id=order.pk, by=by, happened_at=late, at=late)


def _overpaid():
    return orders.pay(orders.released(), "100.00")


def _because(verb):
    return lambda order, by: verb(order_id=order.pk, by=by, reason="why", at=NOW)


def _recheck(order, by):
    return lifecycle.recheck(order_id=order.pk, by=by, at=NOW)


def _released_near_goods():
    goods.warehouse()
    return orders.released()


def _at_a_place(verb):
    """At the warehouse that there is, if there is one."""

    def call(order, by):
        place = Warehouse.objects.values_list("pk", flat=True).first()
        return verb(order_id=order.pk, warehouse_id=place or 0, by=by, happened_at=NOW, at=NOW)

    return call


def _with(verb, **values):
    return lambda order, by: verb(order, by=by, **values)


VERBS = {
    "edit_draft": Verb(_edit, _drafted, SELLERS, {"draft"}),
    "amend": Verb(_amend, orders.released, SELLERS, {"approved"}),
    "split": Verb(_split, _divisible, SELLERS, {"credit_failed"}),
    "check_release": Verb(_check_release, orders.released, {Role.WAREHOUSE}, EVERY_STATE),
    "submit": Verb(_with(orders.submit), _drafted, SELLERS, {"draft"}),
    "approve": Verb(_decided(lifecycle.approve), orders.failed, DECIDERS, WAITING),
    "recheck": Verb(_recheck, orders.failed, DECIDERS, WAITING),
    "reject": Verb(_because(lifecycle.reject), orders.failed, DECIDERS, WAITING),
    "take_back": Verb(_with(orders.take_back), orders.failed, SELLERS, WAITING),
    "cancel": Verb(
        _with(orders.cancel),
        orders.released,
        SELLERS | {Role.CUSTOMER_SERVICE},
        {"draft"} | UNSHIPPED,
    ),
    "record_payment": Verb(
        _with(orders.pay, amount="10.00"),
        orders.released,
        {Role.FINANCE},
        EVERY_STATE - {"draft", "rejected", "cancelled"},
    ),
    "ship": Verb(
        _with(orders.ship), orders.released, {Role.WAREHOUSE}, {"approved", "partly_shipped"}
    ),
    "allocate": Verb(
        _at_a_place(lifecycle.allocate),
        _released_near_goods,
        {Role.WAREHOUSE, Role.SUPPLY_CHAIN},
        {"approved", "partly_shipped"} | SENT,
    ),
    "pick": Verb(
        _at_a_place(lifecycle.pick),
        _released_near_goods,
        {Role.WAREHOUSE},
        {"approved", "partly_shipped"} | SENT,
    ),
    "record_scan": Verb(_with(goods.scan), orders.shipped, {Role.WAREHOUSE}, EVERY_STATE),
    "close_short": Verb(
        _with(orders.close_short),
        orders.partly_shipped,
        SELLERS | {Role.CUSTOMER_SERVICE},
        {"partly_shipped"},
    ),
    "return_goods": Verb(
        _with(orders.return_goods),
        orders.shipped,
        {Role.WAREHOUSE, Role.CUSTOMER_SERVICE},
        {"partly_shipped", "shipped", "delivered", "completed"},
    ),
    "refund": Verb(_with(orders.refund, amount="10.00"), _overpaid, {Role.FINANCE}, EVERY_STATE),
    "deliver": Verb(
        _with(orders.deliver),
        orders.shipped,
        {Role.WAREHOUSE, Role.CUSTOMER_SERVICE},
        {"shipped"},
    ),
    "invoice": Verb(
        _with(orders.invoice),
        orders.delivered,
        {Role.FINANCE},
        {"approved", "partly_shipped", "shipped", "delivered"},
    ),
    "place_hold": Verb(
        _with(orders.hold, reason=HoldReason.FRAUD), orders.released, HOLDERS, HOLDABLE
    ),
}
