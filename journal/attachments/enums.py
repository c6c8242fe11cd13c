from django.db import models
from django.utils.translation import gettext_lazy as _

from journal.actions import declare_actions


@declare_actions
class FileAction(models.TextChoices):
    """What the journal says of attached files."""

    ATTACHED = "file.attached", _("File attached")
    REMOVED = "file.removed", _("File removed")
