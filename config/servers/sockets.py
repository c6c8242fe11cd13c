"""Where a server's Unix socket lives: beside its data, or in a short path when that is too long."""

import hashlib
import os
import stat
from pathlib import Path

# The kernel takes addresses of 108 bytes with the closing zero; macOS 104.
_LONGEST = 103


class UnsafeFolderError(RuntimeError):
    """The folder for sockets belongs to somebody else."""


def short_name(folder: Path) -> str:
    """A short, stable name for `folder`."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def folder_for(home: Path, socket_name: str) -> Path:
    """The folder of the socket `socket_name` of the server whose data is in `home`; not created."""
    if len(os.fsencode(home / socket_name)) <= _LONGEST:
        return home
    return Path(f"/tmp/ordergate-{os.geteuid()}-{short_name(home)}")  # noqa: S108 checked in make_private


def make_private(folder: Path, owner: int) -> None:
    """Create `folder` for `owner` alone.

    Raises UnsafeFolderError when somebody else made it first: whoever owns the folder could offer
    a socket of their own in it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, owner, -1, follow_symlinks=False)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner:
        raise UnsafeFolderError(
            f"{folder} does not belong to user {owner}; remove it and start again."
        )
    folder.chmod(0o700)
