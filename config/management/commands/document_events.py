"""For developers: bring the lists of `docs/webhooks.md` up to date with what can be told."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from journal import actions
from journal.webhooks import payload, topics

PAGE = Path(settings.BASE_DIR) / "docs" / "webhooks.md"
_TABLE = r"(## {title}\n.*?\|---\|---\|\n).*?(?=\n\n|\Z)"


def tables() -> dict[str, str]:
    """The rows of each list by its title, in English."""
    with translation.override("en"):
        events = [
            f"| `{code}` | {actions.label(code)} |"
            for kind in topics.kinds()
            for code in actions.declared()
            if code.startswith(f"{kind}.")
        ]
    figures = [f"| `{name}` | {meaning} |" for name, meaning in payload.FIGURES.items()]
    return {"Figures": "\n".join(figures), "Events": "\n".join(events)}


def brought_up_to_date(page: str) -> str:
    """The page with its lists as they should be."""
    for title, rows in tables().items():
        pattern = re.compile(_TABLE.format(title=title), re.DOTALL)
        found = pattern.search(page)
        if found:
            page = page[: found.end(1)] + rows + page[found.end() :]
    return page.rstrip("\n") + "\n"


class Command(BaseCommand):
    help = "Write the events and figures that webhooks can tell into docs/webhooks.md."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(brought_up_to_date(PAGE.read_text()))
        self.stdout.write(f"{PAGE.name} is up to date")
