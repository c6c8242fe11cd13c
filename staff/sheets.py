"""Cells of files that are opened in a spreadsheet."""

from typing import Any

# A cell that begins so would be run as a formula by the spreadsheet that opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula; numbers never are."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
