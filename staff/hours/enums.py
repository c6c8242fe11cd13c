"""Days that differ from their weekday."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SpecialKind(models.TextChoices):
    """How a special day differs."""

    HOLIDAY = "holiday", _("Holiday")
    WORKDAY = "workday", _("Workday with its own hours")
