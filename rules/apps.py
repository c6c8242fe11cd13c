from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RulesConfig(AppConfig):
    name = "rules"
    verbose_name = _("Rules")

    def ready(self) -> None:
        from rules import seeds

        # After every migrate, so that an emptied database is as usable as a new one.
        post_migrate.connect(seeds.seed_after_migrate, sender=self)
