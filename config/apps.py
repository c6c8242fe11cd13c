from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = _("Ordergate")

    def ready(self) -> None:
        from config import celery  # noqa: F401 so that tasks are sent with its settings
