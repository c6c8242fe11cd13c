"""Every write verb of an order: each locks, asks the policy, guards, moves, and journals."""

from orders.lifecycle.allocating import allocate, pick, set_free
from orders.lifecycle.answer import Answer
from orders.lifecycle.billing import billable, invoice, record_payment, settle
from orders.lifecycle.bulk import submit_many
from orders.lifecycle.conditions import meet_condition
from orders.lifecycle.draft import create_draft, create_drafts, edit_draft
from orders.lifecycle.follow import follow_invoice
from orders.lifecycle.fulfil import close_short, deliver, return_goods, ship
from orders.lifecycle.hold import place_hold, release_hold
from orders.lifecycle.misjudge import mark_misjudged, mark_wrongly_held
from orders.lifecycle.products import (
    ListPrice,
    change_product,
    enter_product,
    remove_price,
    remove_product,
    set_prices,
)
from orders.lifecycle.reconsider import amend, check_release, reevaluate
from orders.lifecycle.refunding import refund
from orders.lifecycle.release import (
    approve,
    cancel,
    recheck,
    reject,
    send_back,
    submit,
    take_back,
)
from orders.lifecycle.replacing import replace
from orders.lifecycle.risk import lift_flag, raise_flag
from orders.lifecycle.splitting import split
from orders.lifecycle.stocking import StockCount, adjust_stock, set_stock
from orders.lifecycle.tracking import record_scan
from orders.lifecycle.warehouses import change_warehouse, enter_warehouse

__all__ = [
    "Answer",
    "ListPrice",
    "StockCount",
    "adjust_stock",
    "allocate",
    "amend",
    "approve",
    "billable",
    "cancel",
    "change_product",
    "change_warehouse",
    "check_release",
    "close_short",
    "create_draft",
    "create_drafts",
    "deliver",
    "edit_draft",
    "enter_product",
    "enter_warehouse",
    "follow_invoice",
    "invoice",
    "lift_flag",
    "mark_misjudged",
    "mark_wrongly_held",
    "meet_condition",
    "pick",
    "place_hold",
    "raise_flag",
    "recheck",
    "record_payment",
    "record_scan",
    "reevaluate",
    "refund",
    "reject",
    "release_hold",
    "remove_price",
    "remove_product",
    "replace",
    "return_goods",
    "send_back",
    "set_free",
    "set_prices",
    "set_stock",
    "settle",
    "ship",
    "split",
    "submit",
    "submit_many",
    "take_back",
]
