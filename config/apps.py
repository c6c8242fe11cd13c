from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    default = True
    name = "config"
    verbose_name = _("Ordergate")

    def ready(self) -> None:
        from config import celery  # noqa: F401 so that tasks are sent with its settings


class OrdergateAdminConfig(admin.AdminConfig):
    """Django admin with the product's own site."""

    default = False
    default_site = "config.admin.OrdergateAdminSite"

    def ready(self) -> None:
        super().ready()
        from config import admin_figures

        admin_figures.install()
