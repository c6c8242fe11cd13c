"""What goes over the wire to the database: each round trip with its text and how long it took.

libpq itself writes down every message, so that nothing escapes: neither statements that pass
Django's cursors by, nor what the driver adds.
"""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

_MESSAGE = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+)\t([FB])\t\d+\t(\w+)(.*)$")
_QUOTED = re.compile(r'"(.*)"', re.DOTALL)


@dataclass(frozen=True)
class RoundTrip:
    """`text` is the SQL; of a prepared statement that of its preparation, where it was heard."""

    text: str
    sent: datetime
    answered: datetime

    @property
    def milliseconds(self) -> float:
        return (self.answered - self.sent).total_seconds() * 1000


def listen(call: Callable[[], object]) -> list[RoundTrip]:
    """What the call says to the database, in order. The connection must be open."""
    pgconn = connection.connection.pgconn
    with tempfile.NamedTemporaryFile() as file:
        pgconn.trace(file.fileno())
        try:
            call()
        finally:
            pgconn.untrace()
        return _read(Path(file.name).read_text(errors="replace"))


# The text of a statement that was prepared before anybody listened.
PREPARED = "(prepared)"
_prepared: dict[str, str] = {}


def _read(trace: str) -> list[RoundTrip]:
    trips, text, sent = [], "", None
    for at, side, kind, rest in _messages(trace):
        if side == "F" and sent is None:
            sent = at
        if kind == "Query":
            text = _QUOTED.search(rest).group(1)
        elif kind == "Parse":
            name, _, sql = rest.strip().partition(" ")
            text = _prepared[name] = sql
        elif kind == "Bind":
            text = _prepared.get(rest.split()[1], PREPARED)
        elif kind == "ReadyForQuery" and sent is not None:
            trips.append(RoundTrip(text.strip(' "\n'), sent, at))
            text, sent = "", None
    return trips


def _messages(trace: str):
    found: list[list] = []
    for line in trace.splitlines():
        if match := _MESSAGE.match(line):
            at, side, kind, rest = match.groups()
            found.append([datetime.fromisoformat(at), side, kind, rest])
        elif found:
            found[-1][3] += f"\n{line}"
    return found
