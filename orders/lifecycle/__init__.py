"""Every write verb of an order: each locks, asks the policy, guards, moves, and journals."""

from orders.lifecycle.draft import create_draft, edit_draft
from orders.lifecycle.follow import follow_invoice
from orders.lifecycle.fulfil import deliver, invoice, record_payment, settle, ship
from orders.lifecycle.hold import place_hold, release_hold
from orders.lifecycle.release import approve, cancel, recheck, reject, submit, take_back

__all__ = [
    "approve",
    "cancel",
    "create_draft",
    "deliver",
    "edit_draft",
    "follow_invoice",
    "invoice",
    "place_hold",
    "recheck",
    "record_payment",
    "reject",
    "release_hold",
    "settle",
    "ship",
    "submit",
    "take_back",
]
