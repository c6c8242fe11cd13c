from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("People")

    def ready(self) -> None:
        from staff import (
            account_notices,  # noqa: F401 - its kind of notice and receivers register themselves
            departments,
            role_groups,
        )
        from staff.hours import seed as hours
        from staff.second_step import required

        # Afresh after every migrate, so that an emptied database is as usable as a new one.
        post_migrate.connect(departments.seed_after_migrate, sender=self)
        post_migrate.connect(hours.seed_after_migrate, sender=self)
        post_migrate.connect(role_groups.sync_after_migrate)
        required.guard_setting()
