from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        from approvals import (
            files,  # noqa: F401 - makes requested limits known to attachments
            receivers,  # noqa: F401 - connects them
            story,  # noqa: F401 - makes requests known to the timeline
        )
        from approvals.facts import APPROVAL
        from approvals.matrix.seed import seed
        from orders.facts import ORDER
        from rules import subjects

        subjects.extend(ORDER.name, *APPROVAL)
        post_migrate.connect(seed, sender=self)
