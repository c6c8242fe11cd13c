"""How an absence stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AbsenceState(models.TextChoices):
    """Worked out from the days, never stored."""

    PLANNED = "planned", _("planned")
    AWAY = "away", _("away now")
    OVER = "over", _("over")
    ENDED = "ended", _("ended early")

    @property
    def can_end(self) -> bool:
        """Whether there is something left to end."""
        return self in (AbsenceState.PLANNED, AbsenceState.AWAY)
