"""One way to make an order pass, or part of one, as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Button:
    """Leads to the form that does it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """What has to happen, in a sentence; `who` says who does it, where the reader may not.

    `left` are the checks that would still block afterwards.
    """

    code: str
    icon: str
    text: str
    button: Button | None = None
    who: str | Promise = ""
    left: frozenset[str] = frozenset()
    more: Sequence[Button] = ()
