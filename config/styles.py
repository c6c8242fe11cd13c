"""The colour and the icon of every state, severity and standing, in one table.

Colours are the names of the `mark-*` classes in `static/css/components.css`. Codes are unique
across the product or mean the same wherever they occur.
"""

UNKNOWN = ("grey", "point")

STYLES: dict[str, tuple[str, str]] = {
    # Orders
    "draft": ("grey", "pencil"),
    "submitted": ("azure", "send"),
    "credit_passed": ("teal", "shield-check"),
    "credit_failed": ("orange", "shield-x"),
    "approved": ("blue", "circle-check"),
    "partly_shipped": ("indigo", "package-export"),
    "shipped": ("indigo", "truck"),
    "delivered": ("cyan", "package"),
    "completed": ("green", "checks"),
    "rejected": ("red", "circle-x"),
    "cancelled": ("outline", "ban"),
    "held": ("orange", "lock"),
    "released": ("green", "lock-open"),
    "misjudged": ("yellow", "hand-stop"),
    # Severities
    "P1": ("red", "flame"),
    "P2": ("orange", "alert-triangle"),
    "P3": ("yellow", "alert-circle"),
    "P4": ("azure", "info-circle"),
    # Approval requests and tickets
    "open": ("azure", "circle-dot"),
    "assigned": ("blue", "user-check"),
    "in_progress": ("blue", "progress"),
    "waiting": ("yellow", "hourglass"),
    "withdrawn": ("outline", "arrow-back-up"),
    "returned": ("yellow", "arrow-back-up"),
    "lapsed": ("yellow", "history"),
    "escalated": ("orange", "arrow-up"),
    "stuck": ("red", "alert-triangle"),
    "resolved": ("teal", "circle-check"),
    "closed": ("green", "checks"),
    "healed": ("teal", "heart-check"),
    # Verdicts of a check
    "passed": ("teal", "shield-check"),
    "failed": ("orange", "shield-x"),
    "blocked": ("orange", "shield-x"),
    "waived": ("yellow", "shield-check"),
    "warned": ("yellow", "alert-triangle"),
    "informed": ("azure", "info-circle"),
    "unknown": ("grey", "help-circle"),
    "exempt": ("outline", "player-pause"),
    "skipped": ("outline", "minus"),
    "missing": ("yellow", "help-circle"),
    # Versions of a policy
    "published": ("green", "circle-check"),
    "shadow": ("azure", "eye"),
    "retired": ("outline", "history"),
    # Customers
    "active": ("green", "circle-check"),
    "default": ("blue", "star"),
    "watch": ("yellow", "eye"),
    "blacklisted": ("red", "ban"),
    "vip": ("indigo", "star"),
    # Product flags
    "quality": ("orange", "alert-circle"),
    "safety": ("red", "flame"),
    "infringement": ("indigo", "file-text"),
    "recall": ("red", "arrow-back-up"),
    # Risk classes
    "A": ("green", "shield-check"),
    "B": ("teal", "shield-check"),
    "C": ("yellow", "gauge"),
    "D": ("orange", "alert-triangle"),
    "E": ("red", "shield-x"),
    # Clocks
    "on_time": ("green", "clock"),
    "at_risk": ("yellow", "clock-exclamation"),
    "breached": ("red", "clock-x"),
    # Money owed
    "paid": ("green", "cash"),
    "overdue": ("red", "calendar-due"),
    "due": ("grey", "calendar"),
    "disputed": ("orange", "hand-stop"),
    "settled": ("green", "checks"),
    "undone": ("outline", "arrow-back-up"),
    # Promises to pay
    "kept": ("green", "circle-check"),
    "partly_kept": ("orange", "circle-x"),
    "broken": ("red", "circle-x"),
    # Conditions of a release
    "met": ("green", "circle-check"),
    "dropped": ("outline", "minus"),
    "conditional": ("yellow", "hourglass"),
    # Backtests, and what came of an order in them
    "queued": ("grey", "hourglass"),
    "running": ("blue", "progress"),
    "done": ("green", "checks"),
    "then_on_time": ("green", "cash"),
    "then_late": ("yellow", "clock-exclamation"),
    "then_never": ("red", "calendar-due"),
    "then_not_due": ("grey", "calendar"),
    "then_cancelled": ("outline", "ban"),
    # Keys of integrations
    "expired": ("yellow", "clock-x"),
    "revoked": ("outline", "ban"),
    # Webhooks and their messages
    "paused": ("yellow", "player-pause"),
    "failing": ("red", "alert-triangle"),
    "sending": ("blue", "progress"),
    "dead": ("red", "circle-x"),
    # Events from other systems; what a carrier says
    "applied": ("green", "check"),
    "refused": ("orange", "circle-x"),
    "dismissed": ("outline", "minus"),
    "picked_up": ("azure", "package-export"),
    "in_transit": ("indigo", "truck"),
    "exception": ("orange", "alert-triangle"),
    "out": ("teal", "map-pin"),
    # Stock
    "oversold": ("red", "alert-triangle"),
    "stale": ("yellow", "clock"),
    # Switches
    "on": ("green", "check"),
    "off": ("outline", "x"),
}
