from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = _("Journal")

    def ready(self) -> None:
        from journal import people  # noqa: F401 - its receivers register themselves
        from journal.webhooks import notices  # noqa: F401 - its kinds of notices declare themselves
