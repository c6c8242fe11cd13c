"""Warehouses: entered and changed, with what was there before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from journal.changes import change, enter, keep
from orders.enums import OrderAction
from orders.models import Warehouse
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def enter_warehouse(*, values: Mapping[str, Any], by: User, at: datetime) -> Warehouse:
    """A new warehouse, without stock yet; `values` are fields of the model.

    Raises PermissionDenied, or ValidationError naming each field that is wrong.
    """
    if not by.has_perm("orders.add_warehouse"):
        raise PermissionDenied(_("You may not enter warehouses."))
    warehouse = Warehouse(**values)
    enter(warehouse, values, action=OrderAction.WAREHOUSE_CHANGED, by=by, at=at)
    return warehouse


@transaction.atomic
def change_warehouse(
    *, warehouse_id: int, values: Mapping[str, Any], by: User, at: datetime
) -> Warehouse:
    """The warehouse with other `values`; what is not named stays. Nothing is written for no change.

    Goods that are allocated at one that is no longer in use stay so. Raises PermissionDenied, or
    ValidationError naming each field that is wrong.
    """
    warehouse = Warehouse.objects.select_for_update(no_key=True).get(pk=warehouse_id)
    if not by.has_perm("orders.change_warehouse"):
        raise PermissionDenied(_("You may not change warehouses."))
    keep(warehouse, change(warehouse, values), action=OrderAction.WAREHOUSE_CHANGED, by=by, at=at)
    return warehouse
