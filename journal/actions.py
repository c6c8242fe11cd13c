"""What the journal can say: each package declares its actions with their readable labels."""

from django.db.models import TextChoices
from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}
_inside: set[str] = set()


def declare_actions(choices: type[TextChoices]) -> type[TextChoices]:
    """Class decorator: make the members of `choices` known to the journal as actions."""
    _labels.update(choices.choices)
    return choices


def label(action: str) -> str:
    """The action in the reader's language.

    Raises KeyError for an action that no package declares.
    """
    return str(_labels[action])


def guard(action: str) -> None:
    """Raises KeyError for an action that no package declares."""
    if action not in _labels:
        raise KeyError(action)


def declared() -> list[str]:
    """Every declared action, each package's in the order in which it declares them."""
    return list(_labels)


def labels() -> list[tuple[str, str]]:
    """Every declared action with its label in the reader's language, by label."""
    return sorted(((code, str(text)) for code, text in _labels.items()), key=lambda row: row[1])


def keep_inside(*codes: str) -> None:
    """Mark actions whose reasons are words between colleagues and are not told to other systems."""
    _inside.update(codes)


def told_outside(action: str) -> bool:
    """Whether the reason of an action may be told to other systems."""
    return action not in _inside
