"""The folder for what this installation makes: databases, secret key, uploads, static files."""

import os
import secrets
from pathlib import Path

_USUAL = Path(__file__).resolve().parent.parent / "var"


def path() -> Path:
    """The data folder: $ORDERGATE_DATA, or `var` beside manage.py. Created on first use."""
    folder = Path(os.environ.get("ORDERGATE_DATA") or _USUAL).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """The installation's secret key, made on the first start and readable by its owner alone."""
    file = path() / "secret_key"
    if not file.exists():
        unready = file.with_suffix(f".{os.getpid()}")
        unready.touch(mode=0o600)
        unready.write_text(secrets.token_urlsafe(50))
        try:
            os.link(unready, file)  # the first of several starting processes wins
        except FileExistsError:
            pass
        finally:
            unready.unlink()
    return file.read_text()
