"""What notices can say: each app declares the kinds it sends, with their sentences."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

Sentence = Callable[[Mapping[str, Any]], str]
_SUBJECT_LENGTH = 200


@dataclass(frozen=True)
class Kind:
    """One kind of notice. `subject` and `text` make sentences of its data when somebody reads it.

    They are called with the reader's language and time zone active. `needs` is the right of those
    who are told, where nobody else ever is.
    """

    code: str
    label: str | Promise
    subject: Sentence
    text: Sentence
    icon: str = "bell"
    needs: str = ""

    @property
    def name(self) -> str:
        return str(self.label)

    def subject_of(self, data: Mapping[str, Any]) -> str:
        """What is told, in one line without breaks; it becomes the subject of a mail."""
        line = " ".join(self._said(self.subject, data, self.name).split())
        return line if len(line) <= _SUBJECT_LENGTH else f"{line[: _SUBJECT_LENGTH - 1]}…"

    def text_of(self, data: Mapping[str, Any]) -> str:
        """What is told, in full; empty where the subject says it all."""
        return self._said(self.text, data, "").strip()

    def _said(self, sentence: Sentence, data: Mapping[str, Any], otherwise: str) -> str:
        # A notice outlives the version that wrote it. One that is no longer understood must not
        # keep its reader from all the others.
        try:
            return str(sentence(data))
        except Exception:
            logger.exception("a notice of kind %s cannot be put into words", self.code)
            return otherwise


_declared: dict[str, Kind] = {}


def declare(
    code: str,
    *,
    label: str | Promise,
    subject: Sentence,
    text: Sentence,
    icon: str = "bell",
    needs: str = "",
) -> Kind:
    """Make a kind of notice known, under a code such as "approval.asked".

    To be called when the apps get ready: the worker that mails a notice has opened no page of the
    app that sends it.
    Raises ImproperlyConfigured for a code that is taken.
    """
    if code in _declared:
        raise ImproperlyConfigured(f"notices of kind {code} are declared twice")
    _declared[code] = Kind(code, label, subject, text, icon, needs)
    return _declared[code]


def is_declared(code: str) -> bool:
    return code in _declared


def find(code: str) -> Kind:
    """The kind; for one that is no longer declared, one that still says where to look."""
    return _declared.get(code) or Kind(
        code,
        _("Notice"),
        lambda data: _("Something you were told about earlier"),
        lambda data: _("This kind of notice is no longer sent. Open it to see what it was about."),
    )


def every() -> list[Kind]:
    """All declared kinds, by their names in the active language."""
    return sorted(_declared.values(), key=lambda kind: (kind.name, kind.code))
