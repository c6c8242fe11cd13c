"""Which files somebody has any use for, because they may import what the rows say."""

from orders.imports.enums import Kind
from orders.policies import can_adjust_stock
from staff.models import User

# One of these is enough; orders that come with their lines, payments and shipments need the first.
_RIGHTS: dict[str, tuple[str, ...]] = {
    Kind.CUSTOMERS: ("credit.add_customer",),
    Kind.LIMITS: ("credit.change_limit", "approvals.request_limit_change"),
    Kind.PRODUCTS: ("orders.import_data",),
    Kind.ORDERS: ("orders.import_data",),
    Kind.LINES: ("orders.import_data",),
    Kind.PAYMENTS: ("orders.import_data", "orders.record_payment"),
    Kind.SHIPMENTS: ("orders.import_data", "orders.ship_order"),
    Kind.INVOICES: ("credit.import_receivables",),
    Kind.RECEIPTS: ("credit.record_receipt",),
}


def kinds_for(user: User) -> list[tuple[str, str]]:
    """The kinds of files that `user` may import, with their names in the active language."""
    return [(kind.value, str(kind.label)) for kind in Kind if _may_import(user, kind)]


def _may_import(user: User, kind: Kind) -> bool:
    return can_adjust_stock(user) if kind == Kind.STOCK else any(map(user.has_perm, _RIGHTS[kind]))


def submits_orders(user: User) -> bool:
    """Whether `user` may import orders that are new and go through the gate."""
    return user.has_perm("orders.add_order") and user.has_perm("orders.submit_order")
