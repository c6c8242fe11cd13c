"""A condition in the reader's language: "Paid more than 24 h ago, and not shipped"."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rules.conditions import Comparison, Negation, Node, parse
from rules.facts.base import Json
from rules.subjects import Subject


def sentence(condition: Json, subject: Subject) -> str:
    """The condition in words, without a full stop. Raises ConditionError if it is not valid."""
    return node_sentence(parse(condition, subject))


def node_sentence(node: Node) -> str:
    """A parsed condition, or one comparison of it, in words."""
    return capfirst(_words(node, holds=True, inner=False))


def _words(node: Node, *, holds: bool, inner: bool) -> str:
    if isinstance(node, Comparison):
        return node.fact.phrase(node.operator, node.value, holds=holds)
    if isinstance(node, Negation):
        return _words(node.part, holds=not holds, inner=inner)
    parts = [_words(part, holds=holds, inner=len(node.parts) > 1) for part in node.parts]
    joined = _all_of(parts) if (node.joiner == "all") == holds else _any_of(parts)
    if inner and len(parts) > 1:
        # Translators: brackets around a group of conditions inside a sentence.
        return _("(%(group)s)") % {"group": joined}
    return joined


def _all_of(parts: list[str]) -> str:
    text = parts[0]
    for part in parts[1:]:
        # Translators: joins conditions that must all hold, growing to the right.
        text = _("%(first)s, and %(second)s") % {"first": text, "second": part}
    return text


def _any_of(parts: list[str]) -> str:
    text = parts[0]
    for part in parts[1:]:
        # Translators: joins conditions of which one is enough, growing to the right.
        text = _("%(first)s, or %(second)s") % {"first": text, "second": part}
    return text
