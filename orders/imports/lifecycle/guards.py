"""Who may do something with an import, and whether its state lets them."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from orders.errors import OrderError
from orders.imports.enums import LEAVES_OUT, OPEN, RunState
from orders.models import ImportRun
from staff.models import User

# Any of them opens the pages; each row asks for its own right.
MAY_IMPORT = ("orders.import_data", "orders.import_work", "credit.import_receivables")


class CannotImport(OrderError):
    """The import is not in a state for this, or its files cannot be taken."""


def lock(run_id: int, by: User) -> ImportRun:
    """The import, locked until the transaction ends. Raises PermissionDenied."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    guard_right(by)
    if not ImportRun.objects.for_user(by).filter(pk=run_id).exists():
        raise PermissionDenied(_("You may not see this import."))
    return run


def guard_own(run: ImportRun, by: User) -> None:
    """Raises CannotImport for whoever did not upload the files."""
    if run.created_by_id != by.pk:
        raise CannotImport(_("Only the person who uploaded the files can import them."))


def guard_right(by: User) -> None:
    """Raises PermissionDenied for whoever may import nothing."""
    if not any(map(by.has_perm, MAY_IMPORT)):
        raise PermissionDenied(_("You may not import files."))


def may_start(run: ImportRun, *, write: bool, good_rows: bool) -> bool:
    """Whether the state of an import lets it be checked, or written in this way."""
    if not write:
        return run.state in OPEN and not run.begun
    if run.begun:
        return good_rows and run.state in LEAVES_OUT
    return run.state == RunState.READY or (
        good_rows and run.state in LEAVES_OUT and any(run.found.values())
    )
