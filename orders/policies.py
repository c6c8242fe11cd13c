"""Who may do what to an order. Each predicate answers for one verb, whatever the state."""

from collections.abc import Callable

from orders.enums import EventKind
from orders.imports.enums import RunState
from orders.models import BacktestRun, FulfilmentEvent, Hold, Order, ReleaseCondition
from staff.models import User


def can_see(user: User, order: Order) -> bool:
    """One's own orders, those of one's customers, or all with the right to see all customers."""
    return (
        user.has_perm("credit.view_all_customers")
        or order.owner_id == user.pk
        or order.customer.owner_id == user.pk
    )


def imports(user: User, order: Order) -> bool:
    """While an import of history runs, whoever started it does to its orders what the file says."""
    run = order.import_run
    return (
        order.history
        and run is not None
        and run.state == RunState.WRITING
        and run.created_by_id == user.pk
        and user.has_perm("orders.import_data")
    )


def _sees_and_has(permission: str) -> Callable[[User, Order], bool]:
    def allowed(user: User, order: Order) -> bool:
        may = user.has_perm(permission) or imports(user, order)
        return may and can_see(user, order)

    return allowed


can_create = _sees_and_has("orders.add_order")
can_edit = _sees_and_has("orders.add_order")
can_amend = _sees_and_has("orders.add_order")
can_submit = _sees_and_has("orders.submit_order")
can_take_back = _sees_and_has("orders.submit_order")
can_cancel = _sees_and_has("orders.cancel_order")
can_close_short = _sees_and_has("orders.cancel_order")
can_hold = _sees_and_has("orders.hold_order")
can_pay = _sees_and_has("orders.record_payment")
can_refund = _sees_and_has("credit.give_refund")
can_ship = _sees_and_has("orders.ship_order")
can_deliver = _sees_and_has("orders.deliver_order")
can_return_goods = _sees_and_has("orders.return_goods")
can_invoice = _sees_and_has("orders.invoice_order")
can_allocate = _sees_and_has("orders.allocate_goods")
can_replace = _sees_and_has("orders.replace_goods")

# What a kind of event from another system needs, which its verb needs of a person.
EVENT_RIGHTS: dict[str, str] = {
    EventKind.PAYMENT: "orders.record_payment",
    EventKind.REFUND: "credit.give_refund",
    EventKind.ALLOCATED: "orders.allocate_goods",
    EventKind.PICKED: "orders.ship_order",
    EventKind.SHIPPED: "orders.ship_order",
    EventKind.SCANNED: "orders.ship_order",
    EventKind.DELIVERED: "orders.deliver_order",
    EventKind.RETURNED: "orders.return_goods",
    EventKind.INVOICED: "orders.invoice_order",
    EventKind.COUNTED: "orders.adjust_stock",
}


def can_post(user: User, kind: str) -> bool:
    """Tell of events of that kind, and look after those that could not be applied."""
    return user.has_perm(EVENT_RIGHTS[kind])


def can_settle(user: User, event: FulfilmentEvent) -> bool:
    """Try an event again or dismiss it: whoever may record such a thing of this order."""
    seen = can_see(user, event.order) if event.order else True
    return seen and can_post(user, event.kind)


def can_adjust_stock(user: User) -> bool:
    """Say what lies in the warehouses."""
    return user.has_perm("orders.adjust_stock")


def can_split(user: User, order: Order) -> bool:
    """Splitting takes the order back, changes it, submits it and enters another one."""
    return can_take_back(user, order) and can_edit(user, order)


def can_decide(user: User, order: Order) -> bool:
    """Approvers decide, but never on an order that they own or submitted themselves."""
    return (
        user.has_perm("approvals.decide")
        and can_see(user, order)
        and user.pk not in (order.owner_id, order.submitted_by_id)
    )


def can_release(user: User, hold: Hold) -> bool:
    """A forced hold needs the right to force; nobody releases a hold on an order of their own."""
    permission = "orders.force_hold" if hold.forced else "orders.release_hold"
    own = user.pk in (hold.order.owner_id, hold.order.submitted_by_id)
    return user.has_perm(permission) and not own and can_see(user, hold.order)


def can_meet(user: User, condition: ReleaseCondition) -> bool:
    """Whoever looks after credit or money confirms a document, never who sells the order."""
    order = condition.order
    sellers = (order.owner_id, order.submitted_by_id, order.customer.owner_id)
    return (
        user.has_perm("orders.meet_condition") and user.pk not in sellers and can_see(user, order)
    )


def can_flag(user: User) -> bool:
    """Raise and lift flags on whatever is sold."""
    return user.has_perm("orders.flag_product")


def can_set_prices(user: User) -> bool:
    """Say at which price and cost products are listed, in any currency."""
    return user.has_perm("orders.add_productprice") and user.has_perm("orders.change_productprice")


def can_cancel_backtest(user: User, run: BacktestRun) -> bool:
    """Whoever asked for it."""
    return user.has_perm("orders.run_backtest") and run.created_by_id == user.pk


# The verbs that an order page offers, with who may use them.
TABLE: dict[str, Callable[[User, Order], bool]] = {
    "edit": can_edit,
    "amend": can_amend,
    "submit": can_submit,
    "take_back": can_take_back,
    "pay": can_pay,
    "allocate": can_allocate,
    "pick": can_ship,
    "ship": can_ship,
    "scan": can_ship,
    "deliver": can_deliver,
    "invoice": can_invoice,
    "return_goods": can_return_goods,
    "refund": can_refund,
    "set_free": can_allocate,
    "close_short": can_close_short,
    "hold": can_hold,
    "cancel": can_cancel,
}
