#!/usr/bin/env python
"""Management commands; they use the embedded servers that run, or start them for their own time."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is missing: run `make setup`, then use .venv/bin/python manage.py.")
    from config import servers

    try:
        servers.ensure()
    except servers.ServersUnavailable as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
