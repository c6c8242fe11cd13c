"""A long condition asks for the same figure again and again; here it is made to ask once.

Django writes a subselect out wherever its value is needed: to compare, to compare the other way, to
show. PostgreSQL carries out every copy. What stands in a query more than once is moved beside its
tables, where it is worked out once for each row, and named where it stood.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

# What parentheses inside of it do not count: texts and names in quotes.
_TOKENS = re.compile(
    r"""'(?:[^']|'')*' | "[^"]*" | \( | \) | \bWHERE\b | \bGROUP\b | \bSELECT\b""", re.VERBOSE
)
_EXISTS = re.compile(r"\bEXISTS\s*$")
# Before a subselect that stands for more than one value.
_ROWS = re.compile(r"\b(?:IN|ANY|ALL|SOME|ARRAY)\s*$")


@dataclass(frozen=True)
class _Shape:
    """Where the condition of a query begins, and where the subselects before it stand."""

    where: int
    subselects: list[tuple[int, int]]


def shared(sql: str) -> str:
    """The query, which says the same, with each of its repeated subselects carried out once.

    A query that is not as Django writes it for rows of one table is left as it is.
    """
    shape = None if "\\" in sql else _shape(sql)
    if shape is None:
        return sql
    times = Counter(sql[start:end] for start, end in shape.subselects)
    names = {text: f"s{place}" for place, text in enumerate(times) if times[text] > 1}
    if not names:
        return sql
    columns = ", ".join(f"{text} AS {name}" for text, name in names.items())
    # OFFSET keeps PostgreSQL from writing the columns back to where they came from.
    beside = f"CROSS JOIN LATERAL (SELECT {columns} OFFSET 0) AS shared "
    return "".join(_pieces(sql, shape, names)) + beside + sql[shape.where :]


def _pieces(sql: str, shape: _Shape, names: dict[str, str]) -> Iterator[str]:
    """What comes before the condition, with names in the place of what is shared."""
    done = 0
    for start, end in shape.subselects:
        if sql[start:end] in names:
            yield sql[done:start] + f"shared.{names[sql[start:end]]}"
            done = end
    yield sql[done : shape.where]


def _shape(sql: str) -> _Shape | None:
    """None where the query has groups or no condition of its own."""
    tops: dict[str, int] = {}
    opened: list[int] = []
    subselects: list[tuple[int, int]] = []
    inside, before = 0, ""
    for token in _TOKENS.finditer(sql):
        text = token.group()
        if text == "(":
            opened.append(token.start())
        elif text == ")":
            start = opened.pop()
            if len(opened) < inside:
                inside = 0
                subselects += _single(sql, start, token.end())
        elif text == "SELECT" and before == "(" and not inside:
            inside = len(opened)
        elif not opened:
            tops.setdefault(text, token.start())
        before = text
    where = tops.get("WHERE")
    if where is None or "GROUP" in tops:
        return None
    return _Shape(where, [span for span in subselects if span[1] <= where])


def _single(sql: str, start: int, end: int) -> list[tuple[int, int]]:
    """The subselect as one value, with the EXISTS before it; nothing where it stands for rows."""
    if _ROWS.search(sql, 0, start):
        return []
    found = _EXISTS.search(sql, 0, start)
    return [(found.start() if found else start, end)]
