"""Rows and stages that come, go and move, as the buttons of the form ask. Without page scripts."""

from secrets import token_hex

from django.http import QueryDict

from approvals.matrix.content import MOST_ROWS, MOST_STAGES
from credit.editing.rows import numbers

# The time limit that a new stage begins with.
HOURS = "8"


def rearranged(posted: QueryDict, wish: str) -> tuple[QueryDict, int | None] | None:
    """What was posted, arranged as a button asked, and the row that it was about.

    None for another button. The wishes: `add-row`, `copy-2`, `drop-2`, `up-2`, `down-2` for rows;
    `stage-2` adds a stage to row 2, `drop-2-0`, `up-2-0` and `down-2-0` are about its stages.
    """
    verb, _dash, rest = wish.partition("-")
    data, which = posted.copy(), rest.split("-")
    if wish == "add-row":
        return data, _add_row(data)
    if verb not in ("copy", "stage", "drop", "up", "down"):
        return None
    row = next(iter(numbers(which[:1])), None)
    if row is None or row not in numbers(data.getlist("rows")):
        return data, None
    if verb == "copy":
        return data, _copy_row(data, row)
    if verb == "stage":
        new = _add(data, f"row-{row}-stages", MOST_STAGES)
        data[f"row-{row}-stage-{new}-hours"] = HOURS
        return data, row
    listed, name = (f"row-{row}-stages", which[1]) if len(which) > 1 else ("rows", which[0])
    _move(data, listed, name, verb)
    return data, row


def _add(data: QueryDict, name: str, most: int) -> int | None:
    present = numbers(data.getlist(name))
    if len(present) >= most:
        return None
    new = max(present, default=-1) + 1
    data.appendlist(name, str(new))
    return new


def _add_row(data: QueryDict) -> int | None:
    new = _add(data, "rows", MOST_ROWS)
    if new is not None:
        data[f"row-{new}-code"] = _new_code()
        data.setlist(f"row-{new}-stages", ["0"])
        data[f"row-{new}-stage-0-hours"] = HOURS
    return new


def _copy_row(data: QueryDict, row: int) -> int | None:
    """The same row once more below, under a code of its own."""
    new = _add(data, "rows", MOST_ROWS)
    if new is None:
        return row
    prefix = f"row-{row}-"
    for name in [name for name in data if name.startswith(prefix)]:
        data.setlist(f"row-{new}-{name.removeprefix(prefix)}", data.getlist(name))
    data[f"row-{new}-code"] = _new_code()
    places = data.getlist("rows")[:-1]
    places.insert(places.index(str(row)) + 1, str(new))
    data.setlist("rows", places)
    return new


def _new_code() -> str:
    # Requests refer to rows by their codes, so one that went never comes back as another row.
    return f"row_{token_hex(4)}"


def _move(data: QueryDict, listed: str, name: str, verb: str) -> None:
    places = data.getlist(listed)
    if name not in places:
        return
    old = places.index(name)
    places.pop(old)
    if verb != "drop":
        places.insert(max(old - 1, 0) if verb == "up" else old + 1, name)
    data.setlist(listed, places)
