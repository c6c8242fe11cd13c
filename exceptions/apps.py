from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ExceptionsConfig(AppConfig):
    name = "exceptions"
    verbose_name = _("Exceptions")

    def ready(self) -> None:
        from exceptions import receivers  # noqa: F401 - they register themselves
        from exceptions.process import (
            notices,  # noqa: F401 - their kinds are declared
            story,  # noqa: F401 - makes tickets known to the timeline
        )
        from exceptions.seed import seed

        post_migrate.connect(seed, sender=self)
