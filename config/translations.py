"""The catalogues in locale/: compiled without GNU gettext, and read for what is missing."""

from pathlib import Path

import polib

FOLDER = Path(__file__).resolve().parent.parent / "locale"


def compile_changed(folder: Path = FOLDER) -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; gives those compiled."""
    compiled = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        unready = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(unready))
        unready.replace(target)
        compiled.append(target)
    return compiled


def missing(folder: Path = FOLDER) -> list[str]:
    """What still lacks a translation or waits for a second look, as `file:line: text`."""
    found = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        catalogue = polib.pofile(str(source))
        for entry in [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]:
            found.append(f"{source.relative_to(folder)}:{entry.linenum}: {entry.msgid}")
    return found
