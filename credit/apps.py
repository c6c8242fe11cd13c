from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CreditConfig(AppConfig):
    name = "credit"
    verbose_name = _("Credit")

    def ready(self) -> None:
        from credit.functions import install
        from credit.seed import seed

        post_migrate.connect(install, sender=self)
        post_migrate.connect(seed, sender=self)
