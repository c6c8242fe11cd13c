"""What a key may do, in words, and the permissions that each of these stands for.

Integrations act for the whole company, so that every scope sees all customers. No scope decides: a
key never approves a request, releases a hold, confirms a condition, sets a limit, writes a claim
off, publishes anything or looks after people, whatever is put together. It enters customers and
keeps their names and addresses, but never their segment, terms, status or account, which decide
about credit.
"""

from collections.abc import Iterable
from functools import cache

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.role_groups import matching
from staff.roles import PRODUCT_APPS


class Scope(models.TextChoices):
    ORDERS = "orders", _("Enter, submit, change and cancel orders")
    GOODS = "goods", _("Post shipments, deliveries, returns and stock")
    MONEY = "money", _("Post payments, invoices, credit notes and refunds")
    RISK = "risk", _("Place holds and flag products")
    TICKETS = "tickets", _("Open and work on exception tickets")
    MASTER = "master", _("Keep products, prices, warehouses and customers")
    READ = "read", _("Read everything")


_SEE = (
    "credit.view_all_customers",
    "orders.view_order",
    "orders.view_product",
    "orders.view_stock",
)
_CUSTOMERS = ("credit.view_customer", "credit.view_creditaccount")

PERMISSIONS: dict[Scope, tuple[str, ...]] = {
    Scope.ORDERS: (
        *_SEE,
        *_CUSTOMERS,
        "orders.add_order",
        "orders.submit_order",
        "orders.cancel_order",
    ),
    Scope.GOODS: (
        *_SEE,
        "orders.view_fulfilmentevent",
        "orders.ship_order",
        "orders.deliver_order",
        "orders.return_goods",
        "orders.allocate_goods",
        "orders.adjust_stock",
    ),
    Scope.MONEY: (
        *_SEE,
        *_CUSTOMERS,
        "credit.view_*",
        "orders.record_payment",
        "orders.invoice_order",
        "credit.add_invoice",
        "credit.record_receipt",
        "credit.issue_credit_note",
        "credit.give_refund",
    ),
    Scope.RISK: (*_SEE, "orders.hold_order", "orders.flag_product"),
    Scope.TICKETS: (*_SEE, "exceptions.view_ticket", "exceptions.work_ticket"),
    Scope.MASTER: (
        *_SEE,
        *_CUSTOMERS,
        "credit.view_segment",
        "credit.view_industry",
        "credit.add_customer",
        "credit.change_customer",
        "credit.keep_addresses",
        "orders.add_product",
        "orders.change_product",
        "orders.add_productprice",
        "orders.change_productprice",
        "orders.delete_productprice",
        "orders.add_warehouse",
        "orders.change_warehouse",
        "staff.view_user",
    ),
    Scope.READ: ("*.view_*",),
}


def granted(scopes: Iterable[str]) -> frozenset[str]:
    """The permissions ("app.codename") of these scopes; a scope no longer known grants none."""
    return _granted(frozenset(scopes) & set(Scope.values))


@cache
def _granted(scopes: frozenset[str]) -> frozenset[str]:
    wanted = [name for scope in scopes for name in PERMISSIONS[Scope(scope)]]
    return frozenset(matching(wanted, _existing()))


@cache
def _existing() -> frozenset[str]:
    """Every permission that the product's models declare, without asking the database."""
    names = set()
    for app in PRODUCT_APPS:
        for model in apps.get_app_config(app).get_models():
            meta = model._meta
            names |= {f"{app}.{codename}" for codename, _label in meta.permissions}
            names |= {f"{app}.{verb}_{meta.model_name}" for verb in meta.default_permissions}
    return frozenset(names)
