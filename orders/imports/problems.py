"""What is wrong with a file, where, and what to do about it.

Problems are kept as a code with its figures and become sentences when somebody reads them, in that
person's language.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from orders.imports.sentences import SENTENCES
from staff.sentences import Said, Sentence, say, words_of

# So many are kept and shown; all are counted.
KEPT = 300
SHOWN_VALUE = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a row, or a whole file, cannot be imported. `line` 0 means the file itself."""

    code: str
    file: str = ""
    line: int = 0
    column: str = ""
    value: str = ""
    figures: dict[str, Said] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """What is wrong, as a sentence in the reader's language."""
        return str(SENTENCES[self.code][0]) % self._spoken

    @property
    def advice(self) -> str:
        """What to do about it."""
        return str(SENTENCES[self.code][1]) % self._spoken

    @property
    def _spoken(self) -> dict[str, str]:
        return {name: say(figure) for name, figure in self.figures.items()}

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        place = ", ".join(filter(None, [self.file, f"line {self.line}" if self.line else ""]))
        shown = f"{self.column} = “{self.value}”" if self.column else ""
        return " · ".join(filter(None, [place, shown, self.what, self.advice]))


class BadValue(ValueError):
    """A value cannot be read; `code` and `figures` are those of the problem it makes."""

    def __init__(self, code: str, **figures: object) -> None:
        super().__init__(code)
        self.code = code
        self.figures = {name: str(figure) for name, figure in figures.items()}


class ImportRefused(ValueError):
    """The files cannot be imported as they are; nothing was changed."""

    def __init__(self, problems: "Problems") -> None:
        super().__init__(str(next(iter(problems), "")))
        self.problems = problems


class Problems:
    """All problems of an import: counted to the last, the first few hundred kept."""

    def __init__(self) -> None:
        self.count = 0
        self.kept: list[Problem] = []
        self.by_code: Counter[str] = Counter()

    def add(
        self, code: str, *, file: str = "", line: int = 0, column: str = "", value: str = "",
        **figures: object,
    ) -> None:  # fmt: skip
        """Note one more problem."""
        self.count += 1
        self.by_code[code] += 1
        if len(self.kept) < KEPT:
            shown = value if len(value) <= SHOWN_VALUE else value[: SHOWN_VALUE - 1] + "…"
            texts = {name: _figure(figure) for name, figure in figures.items()}
            self.kept.append(Problem(code, file, line, column, shown.replace("\0", "␀"), texts))

    def count_more(self, code: str, more: int) -> None:
        """Note `more` problems of a kind without keeping them."""
        if more:
            self.count += more
            self.by_code[code] += more

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.kept)

    def __len__(self) -> int:
        return self.count


def _figure(figure: object) -> Said:
    """A figure as a text; a refusal as what it says, which its reader may read elsewhere."""
    text = words_of(figure) if isinstance(figure, Exception) else figure
    return text.said if isinstance(text, Sentence) else str(text)


class Notes:
    """What was imported differently from how the file says it: counted, with a few examples."""

    EXAMPLES = 5

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}

    def add(self, code: str, example: str) -> None:
        """Note `code` for one more order, row or value."""
        self.counts[code] += 1
        known = self.examples.setdefault(code, [])
        if len(known) < self.EXAMPLES and example not in known:
            known.append(example)

    def copy(self) -> "Notes":
        """The notes as they are now."""
        return Notes.of(self.as_json())

    def become(self, other: "Notes") -> None:
        """Forget what was noted since `other` was copied."""
        self.counts, self.examples = other.counts, other.examples

    def joined(self, other: "Notes") -> "Notes":
        """These notes and others, about different things."""
        return Notes.of([*self.as_json(), *other.as_json()])

    @classmethod
    def of(cls, told: list[dict[str, Any]]) -> "Notes":
        """From what `as_json` made."""
        notes = cls()
        notes.counts = Counter({note["code"]: note["count"] for note in told})
        notes.examples = {note["code"]: list(note["examples"]) for note in told}
        return notes

    def about(self, codes: Collection[str]) -> "Notes":
        """Those of these kinds."""
        return Notes.of([note for note in self.as_json() if note["code"] in codes])

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {"code": code, "count": count, "examples": self.examples[code]}
            for code, count in self.counts.items()
        ]
