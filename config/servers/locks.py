"""Kernel locks that say who uses a server and who keeps it.

They belong to an open file, so they end with the process that holds them, however it ends; the
files stay and mean nothing. Descriptors are not inherited by other programs unless passed on.
"""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path


def _open(file: Path) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)


def hold_shared(file: Path) -> int:
    """Hold `file` together with others, waiting while somebody has it alone; the descriptor."""
    descriptor = _open(file)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def open_unheld(file: Path) -> int:
    """Open `file` for a later `wait_until_alone`."""
    return _open(file)


def wait_until_alone(descriptor: int) -> None:
    """Block until nobody else holds the file, then hold it alone."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def hold_alone(file: Path, *, patience: float) -> int | None:
    """Hold `file` alone, trying for `patience` seconds; None when somebody else keeps it."""
    descriptor = _open(file)
    deadline = time.monotonic() + patience
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        if time.monotonic() > deadline:
            os.close(descriptor)
            return None
        time.sleep(0.02)


def is_held_alone(file: Path) -> bool:
    """Whether somebody holds `file` alone at this moment."""
    descriptor = _open(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
