"""Names of configured things (departments, segments, rules …), kept in the three languages."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """A thing with a name in each language; a missing translation falls back to English."""

    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh_hans = models.CharField(_("name in 简体中文"), max_length=120, blank=True)
    name_zh_hant = models.CharField(_("name in 繁體中文"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        language = get_language() or "en"
        translated = getattr(self, f"name_{language.replace('-', '_')}", "")
        return translated or self.name_en
