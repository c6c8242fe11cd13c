"""Requests on the timeline of their order."""

from django.utils.translation import gettext as _

from approvals.enums import ApprovalAction, LapseReason
from orders.telling import Figures, Look, declare_looks


def _endorsed(figures: Figures) -> str:
    level = figures.get("level")
    return "" if level is None else _("Level %(level)d.") % {"level": int(level)}


def _lapsed(figures: Figures) -> str:
    reasons = dict(LapseReason.choices)
    why = reasons.get(figures.get("why", ""), "")
    return _("Because %(why)s.") % {"why": why} if why else ""


declare_looks(
    {
        ApprovalAction.OPENED: Look("decisions", "clipboard-check", "azure"),
        ApprovalAction.ENDORSED: Look("decisions", "check", "blue", _endorsed),
        ApprovalAction.APPROVED: Look("decisions", "circle-check", "blue"),
        ApprovalAction.REJECTED: Look("decisions", "circle-x", "red"),
        ApprovalAction.RETURNED: Look("decisions", "arrow-back-up", "orange"),
        ApprovalAction.WITHDRAWN: Look("decisions", "arrow-back-up"),
        ApprovalAction.LAPSED: Look("decisions", "history", "orange", _lapsed),
        ApprovalAction.REFRESHED: Look("decisions", "refresh"),
        ApprovalAction.REROUTED: Look("decisions", "refresh", "orange"),
        ApprovalAction.ASKED: Look("decisions", "help-circle"),
        ApprovalAction.REPLIED: Look("decisions", "message"),
        ApprovalAction.REMINDED: Look("decisions", "bell"),
        ApprovalAction.ESCALATED: Look("decisions", "arrow-up", "orange"),
        ApprovalAction.STUCK: Look("decisions", "alert-triangle", "red"),
        ApprovalAction.FREED: Look("decisions", "circle-check", "green"),
    }
)
