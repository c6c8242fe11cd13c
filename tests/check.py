"""`make check`: what can be seen to be wrong without running a test; shows all of it."""

import os
import subprocess
import sys
from pathlib import Path

from config import servers, translations

_ROOT = Path(__file__).resolve().parent.parent
_TOOLS = {
    "lint": ["-m", "ruff", "check", "--quiet", "."],
    "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "types": ["-m", "mypy", "."],
    "layers": [str(Path(sys.executable).parent / "lint-imports")],
    "templates": ["-m", "djlint", "templates", "--lint", "--quiet"],
}
_COMMANDS = {
    "migrations": ["makemigrations", "--check", "--dry-run"],
    "deployment": ["check", "--deploy", "--fail-level", "WARNING"],
}


def _passes(title: str, command: list[str], **environment: str) -> bool:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=_ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    print(f"{title:<14}{'failed' if done.returncode else 'ok'}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def _translated() -> bool:
    missing = translations.missing()
    print(f"{'translations':<14}{'failed' if missing else 'ok'}", flush=True)
    print("".join(f"{line}\n" for line in missing), end="", flush=True)
    return not missing


def main() -> int:
    servers.ensure()
    results = [_passes(title, tool) for title, tool in _TOOLS.items()]
    for title, command in _COMMANDS.items():
        results.append(_passes(title, ["manage.py", *command], HTTPS="1"))
    results.append(_translated())
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
