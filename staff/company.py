"""Departments: entered, renamed, removed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from staff.changes import InUse, change, entered
from staff.models import Department, User
from staff.signals import company_changed


@transaction.atomic
def enter_department(*, values: Mapping[str, Any], by: User, at: datetime) -> Department:
    """A new department. Raises PermissionDenied, or ValidationError naming each wrong field."""
    if not by.has_perm("staff.add_department"):
        raise PermissionDenied(_("You may not enter departments."))
    department = Department(**values)
    department.full_clean()
    department.save(force_insert=True)
    _tell(department, "department.changed", entered(values), by, at)
    return department


@transaction.atomic
def rename_department(
    *, department_id: int, values: Mapping[str, Any], by: User, at: datetime
) -> Department:
    """The department under other names; its code stays, for rules and routes refer to it.

    Nothing is written for no change. Raises PermissionDenied, or ValidationError.
    """
    department = Department.objects.select_for_update(no_key=True).get(pk=department_id)
    if not by.has_perm("staff.change_department"):
        raise PermissionDenied(_("You may not change departments."))
    data = change(department, {name: text for name, text in values.items() if name != "code"})
    if data["after"]:
        department.full_clean()
        department.save(update_fields=data["after"].keys())
        _tell(department, "department.changed", data, by, at)
    return department


@transaction.atomic
def remove_department(*, department_id: int, by: User, at: datetime) -> None:
    """Take a department away that nobody and nothing belongs to.

    Raises PermissionDenied, or InUse.
    """
    department = Department.objects.select_for_update().get(pk=department_id)
    if not by.has_perm("staff.delete_department"):
        raise PermissionDenied(_("You may not remove departments."))
    _tell(department, "department.removed", {"code": department.code}, by, at)
    try:
        department.delete()
    except ProtectedError as error:
        raise InUse(
            _("People, rules or tickets belong to this department. Give them another one first.")
        ) from error


def _tell(department: Department, what: str, data: dict[str, Any], by: User, at: datetime) -> None:
    company_changed.send(sender=Department, subject=department, what=what, data=data, by=by, at=at)
