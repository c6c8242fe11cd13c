"""Children that do not outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def stop_with_parent(stop: signal.Signals) -> None:
    """Let this process get the signal `stop` when the one that started it ends. Linux only."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(stop), 0, 0, 0)


def _die_with_parent(stop: signal.Signals) -> Callable[[], None]:
    """What the new child runs before its program: ask for `stop` when the parent dies."""
    parent = os.getpid()

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(stop), 0, 0, 0)
            if os.getppid() != parent:  # it died before the kernel was asked
                os._exit(1)

    return ask


def start_child(
    command: list[str], *, stop: signal.Signals = signal.SIGTERM, **options: Any
) -> subprocess.Popen[bytes]:
    """Start `command`; on Linux it gets `stop` when the calling *thread* ends, even by -9.

    A change of user clears that wish, so it is made after `user=` has taken effect, just before
    the program starts. Elsewhere a child must be found and stopped by whoever starts next.
    """
    return subprocess.Popen(command, preexec_fn=_die_with_parent(stop), **options)  # noqa: S603


def stop_child(
    child: subprocess.Popen[bytes], *, stop: signal.Signals, patience: float, then: signal.Signals
) -> None:
    """Ask `child` to stop, wait `patience` seconds, then insist with the signal `then`."""
    child.send_signal(stop)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.send_signal(then)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
