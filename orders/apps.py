from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from orders import (
            facts,  # noqa: F401 - makes orders known to rules
            files,  # noqa: F401 - makes orders known to attachments
            money_story,  # noqa: F401 - makes entries of credit known to the timeline
            receivers,  # noqa: F401 - connects them
            step_story,  # noqa: F401 - makes entries of orders known to the timeline
        )
