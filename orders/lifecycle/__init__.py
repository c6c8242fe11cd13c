"""Every write verb of an order: each locks, asks the policy, guards, moves, and journals."""

from orders.lifecycle.draft import create_draft, edit_draft
from orders.lifecycle.fulfil import deliver, invoice, record_payment, settle, ship
from orders.lifecycle.hold import place_hold, release_hold
from orders.lifecycle.reconsider import amend, check_release, reevaluate
from orders.lifecycle.release import approve, cancel, recheck, reject, submit, take_back
from orders.lifecycle.risk import lift_flag, raise_flag

__all__ = [
    "amend",
    "approve",
    "cancel",
    "check_release",
    "create_draft",
    "deliver",
    "edit_draft",
    "invoice",
    "lift_flag",
    "place_hold",
    "raise_flag",
    "recheck",
    "record_payment",
    "reevaluate",
    "reject",
    "release_hold",
    "settle",
    "ship",
    "submit",
    "take_back",
]
