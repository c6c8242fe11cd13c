"""The account that PostgreSQL runs as: PostgreSQL refuses root, so for root it is `nobody`."""

import os
import pwd
from pathlib import Path
from typing import Any


class Account:
    """The user's own account, or `nobody` when the user is root."""

    def __init__(self) -> None:
        self.other = pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    @property
    def uid(self) -> int:
        return self.other.pw_uid if self.other else os.geteuid()

    @property
    def name(self) -> str:
        return self.other.pw_name if self.other else "this user"

    def popen_options(self) -> dict[str, Any]:
        """What makes subprocess.Popen start a program under this account."""
        if self.other is None:
            return {}
        return {"user": self.other.pw_uid, "group": self.other.pw_gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether this account may read and enter `path`; found out by becoming it in a child."""
        if self.other is None:
            return os.access(path, os.R_OK | os.X_OK)
        child = os.fork()
        if child == 0:
            os.setgroups([])
            os.setgid(self.other.pw_gid)
            os.setuid(self.other.pw_uid)
            os._exit(0 if os.access(path, os.R_OK | os.X_OK) else 1)
        return os.waitpid(child, 0)[1] == 0
