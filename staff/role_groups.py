"""The groups of the roles, brought to exactly the permissions of the table after every migrate."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions

from staff.roles import PERMISSIONS, PRODUCT_APPS, Role


def matching(wanted: Iterable[str], existing: Iterable[str]) -> set[str]:
    """Those of the `existing` permissions ("app.codename") that the table's names stand for."""
    existing = set(existing)
    exact = {name for name in wanted if "*" not in name}
    product = [name for name in existing if name.split(".")[0] in PRODUCT_APPS]
    starred = [name for name in wanted if "*" in name]
    return (exact & existing) | {
        name for name in product if any(fnmatchcase(name, pattern) for pattern in starred)
    }


def sync(apps: Any = installed_apps, using: str = "default") -> None:
    """Make the groups and give each exactly the permissions of the table that exist by now."""
    Group = apps.get_model("auth", "Group")
    Group.objects.using(using).bulk_create(
        [Group(name=code) for code in Role.values], ignore_conflicts=True
    )
    groups = dict(Group.objects.using(using).filter(name__in=Role.values).values_list("name", "pk"))
    known = _existing(apps, using)
    wanted = {
        (groups[role.value], known[name])
        for role, names in PERMISSIONS.items()
        for name in matching(names, known)
    }
    links = Group.permissions.through.objects.using(using)
    held = {
        (group, permission): pk
        for pk, group, permission in links.filter(group_id__in=groups.values()).values_list(
            "pk", "group_id", "permission_id"
        )
    }
    links.filter(pk__in=[held[pair] for pair in held.keys() - wanted]).delete()
    links.bulk_create(
        [links.model(group_id=group, permission_id=pk) for group, pk in wanted - held.keys()],
        ignore_conflicts=True,
    )


def _existing(apps: Any, using: str) -> dict[str, int]:
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    rows = permissions.values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{codename}": pk for app, codename, pk in rows}


def sync_after_migrate(
    app_config: Any, using: str, apps: Any = installed_apps, **kwargs: Any
) -> None:
    """Receiver of post_migrate: once for every app whose permissions the table mentions."""
    if app_config.label not in (*PRODUCT_APPS, "auth"):
        return
    try:
        apps.get_model("auth", "Group"), apps.get_model("staff", "User")
    except LookupError:
        return  # people are migrated later in this run
    # Django makes the permissions in a receiver of the same signal, which may run after this one.
    create_permissions(app_config, verbosity=0, using=using, apps=apps)
    sync(apps, using)
