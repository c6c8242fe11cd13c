"""How the timeline of an order shows what happened: packages above this one declare their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Figures = dict[str, Any]


def no_figures(_figures: Figures) -> str:
    """For what its title says already."""
    return ""


@dataclass(frozen=True)
class Look:
    """Under which kind an action is shown, its icon, the colour of its mark, and its sentence."""

    kind: str
    icon: str
    colour: str = ""
    sentence: Callable[[Figures], str] = no_figures


_looks: dict[str, Look] = {}


def declare_looks(looks: Mapping[str, Look]) -> None:
    """Make these actions known to the timeline."""
    _looks.update({str(action): look for action, look in looks.items()})


def looks() -> dict[str, Look]:
    """Every action that the timeline knows."""
    return _looks
