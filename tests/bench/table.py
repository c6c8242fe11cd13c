"""Plain tables on the terminal."""

from collections.abc import Sequence
from statistics import median


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print the rows under their heads; the first column to the left, figures to the right."""
    cells = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    print(f"\n{title}")
    for row in cells:
        first, *rest = zip(row, widths, strict=True)
        print("  " + "  ".join([first[0].ljust(first[1]), *(c.rjust(w) for c, w in rest)]).rstrip())


def middle(values: Sequence[float], digits: int = 0) -> str:
    """The median with the smallest and the largest value behind it."""
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}-{max(values):,.{digits}f})"
