"""Every write verb of an approval request."""

from approvals.lifecycle.answering import approve, refresh, reject, send_back
from approvals.lifecycle.asking import ask, reply
from approvals.lifecycle.chasing import chase
from approvals.lifecycle.opening import lapse, open_request, withdraw
from approvals.lifecycle.parts import RequestError

__all__ = [
    "RequestError",
    "approve",
    "ask",
    "chase",
    "lapse",
    "open_request",
    "refresh",
    "reject",
    "reply",
    "send_back",
    "withdraw",
]
