"""The few choices a person makes about how the product greets them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """Languages of the product; the empty value follows the browser."""

    BROWSER = "", _("As my browser asks")
    ENGLISH = "en", "English"
    SIMPLIFIED = "zh-hans", "简体中文"
    TRADITIONAL = "zh-hant", "繁體中文"


class Theme(models.TextChoices):
    """Light, dark, or whatever the device is set to."""

    SYSTEM = "system", _("As my device is set")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
