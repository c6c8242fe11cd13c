from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from journal.actions import declare_actions


class Severity(TextChoices):
    """How much a ticket matters, the worst first."""

    P1 = "P1", _("P1 critical")
    P2 = "P2", _("P2 high")
    P3 = "P3", _("P3 medium")
    P4 = "P4", _("P4 low")


@declare_actions
class TriageAction(TextChoices):
    TARGET_CHANGED = "sla.target_changed", _("SLA target changed")
