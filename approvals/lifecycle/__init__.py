"""Every write verb of an approval request."""

from approvals.errors import RequestError
from approvals.lifecycle.answering import approve, refresh, reject, send_back
from approvals.lifecycle.asking import ask, reply
from approvals.lifecycle.chasing import chase
from approvals.lifecycle.limits import request_limit, review_limit, withdraw_limit
from approvals.lifecycle.opening import lapse, open_request, withdraw

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
    "request_limit",
    "review_limit",
    "send_back",
    "withdraw",
    "withdraw_limit",
]
