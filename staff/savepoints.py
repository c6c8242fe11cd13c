"""Work that does without savepoints, so that the first refusal ends it all.

Every savepoint is a transaction of its own inside ours, and PostgreSQL looks through them all for
each old version of a row it meets: one account with thousands of orders has as many.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Within the block `transaction.atomic` inside another one sets no savepoint."""
    features = connection.features
    features.uses_savepoints = False
    try:
        yield
    finally:
        features.uses_savepoints = True


def can_be_undone_alone() -> bool:
    """Whether what is done in an inner transaction can be undone without the outer one."""
    return bool(connection.features.uses_savepoints)
