"""The models of the rooms, where Django looks for them."""

from exceptions.detect.models import AlertRule, AlertRuleVersion, Scan
from exceptions.process.models import Cause, Comment, Ticket
from exceptions.triage.models import SlaTarget

__all__ = [
    "AlertRule",
    "AlertRuleVersion",
    "Cause",
    "Comment",
    "Scan",
    "SlaTarget",
    "Ticket",
]
