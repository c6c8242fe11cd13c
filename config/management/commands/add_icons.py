"""For developers: put icons into the sprite `static/icons.svg`."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

SPRITE = Path(settings.BASE_DIR) / "static" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="([^"]+)".*?</symbol>', re.DOTALL)


class Command(BaseCommand):
    help = "Add icons to static/icons.svg from an unpacked copy of the @tabler/icons package."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the package's icons/outline folder")
        parser.add_argument("names", nargs="+", help="icon names without .svg")

    def handle(self, *args: Any, **options: Any) -> None:
        symbols = {m[1]: m[0] for m in SYMBOL.finditer(SPRITE.read_text())}
        for name in options["names"]:
            symbols[name] = _symbol(name, options["folder"] / f"{name}.svg")
        body = "\n".join(symbols[name] for name in sorted(symbols))
        SPRITE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n')
        self.stdout.write(f"{len(symbols)} icons in {SPRITE.name}")


def _symbol(name: str, file: Path) -> str:
    if not file.exists():
        raise CommandError(f"There is no icon {name} in {file.parent}.")
    shapes = re.findall(r"<(?:path|circle|rect|line)[^>]*/>", file.read_text())
    drawn = "".join(shape for shape in shapes if 'd="M0 0h24v24H0z"' not in shape)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>'
