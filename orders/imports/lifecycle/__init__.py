"""Every write verb of an import: upload, describe, start, carry out, stop, resume, discard."""

from orders.imports.lifecycle.carrying import carry_out
from orders.imports.lifecycle.files import (
    Reading,
    delete_files,
    delete_old_files,
    describe,
    discard,
    upload,
)
from orders.imports.lifecycle.guards import MAY_IMPORT, CannotImport, may_start
from orders.imports.lifecycle.starting import is_silent, resume, resume_silent, start, stop

__all__ = [
    "MAY_IMPORT",
    "CannotImport",
    "Reading",
    "carry_out",
    "delete_files",
    "delete_old_files",
    "describe",
    "discard",
    "is_silent",
    "may_start",
    "resume",
    "resume_silent",
    "start",
    "stop",
    "upload",
]
