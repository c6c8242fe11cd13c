from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class KeyState(TextChoices):
    ACTIVE = "active", _("active")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")
