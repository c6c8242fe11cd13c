"""Every change to a word list and its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from journal.changes import change, enter, keep
from journal.record import record
from rules.enums import WordListAction
from rules.models import Word, WordList
from rules.policies import can_change_words
from rules.words import clean_word
from staff.models import User

MOST_WORDS = 2_000


class WordListError(ValueError):
    """A change to a word list that cannot be made; the message says why."""


@dataclass(frozen=True)
class Addition:
    """What became of words that were to be added; `known` counts those the list already had."""

    word_list: WordList
    added: list[Word]
    known: int


@transaction.atomic
def enter_list(*, values: Mapping[str, Any], by: User, at: datetime) -> WordList:
    """A new list, without words yet. Raises PermissionDenied, or ValidationError."""
    if not can_change_words(by):
        raise PermissionDenied
    word_list = WordList(**values)
    enter(word_list, values, action=WordListAction.CHANGED, by=by, at=at)
    return word_list


@transaction.atomic
def describe_list(
    *, word_list_id: int, values: Mapping[str, Any], by: User, at: datetime
) -> WordList:
    """Give the list other names and purposes; its code stays, for rules name the list by it.

    Nothing is written for no change. Raises PermissionDenied, or ValidationError.
    """
    word_list = WordList.objects.select_for_update(no_key=True).get(pk=word_list_id)
    if not can_change_words(by):
        raise PermissionDenied
    said = {name: text for name, text in values.items() if name != "code"}
    keep(word_list, change(word_list, said), action=WordListAction.CHANGED, by=by, at=at)
    return word_list


@transaction.atomic
def add_words(*, word_list_id: int, texts: Sequence[str], by: User, at: datetime) -> Addition:
    """Add the words that the list does not have yet, whatever their case or width.

    Raises PermissionDenied; ValidationError for a word that cannot be one; WordListError when the
    list would have more than MOST_WORDS.
    """
    words = [clean_word(text) for text in texts]
    word_list = WordList.objects.select_for_update().get(pk=word_list_id)
    if not can_change_words(by):
        raise PermissionDenied
    before = set(word_list.words.values_list("pk", flat=True))
    if len(before) + len(words) > MOST_WORDS:
        raise WordListError(
            _("A list may have %(limit)s words; this one has %(size)s already.")
            % {"limit": MOST_WORDS, "size": len(before)}
        )
    Word.objects.bulk_create(
        [Word(word_list=word_list, text=word, added_by=by, added_at=at) for word in words],
        ignore_conflicts=True,
    )
    added = list(word_list.words.exclude(pk__in=before).order_by("pk"))
    if added:
        record(
            action=WordListAction.WORDS_ADDED,
            subject=word_list,
            by=by,
            at=at,
            data={"words": [word.text for word in added]},
        )
    return Addition(word_list, added, len(words) - len(added))


@transaction.atomic
def remove_word(*, word_id: int, by: User, at: datetime) -> Word:
    """Take a word from its list and return it as it was.

    Raises PermissionDenied; Word.DoesNotExist when somebody was quicker.
    """
    word_list_id = Word.objects.values_list("word_list", flat=True).get(pk=word_id)
    WordList.objects.select_for_update().get(pk=word_list_id)
    word = Word.objects.select_related("word_list").get(pk=word_id)
    if not can_change_words(by):
        raise PermissionDenied
    Word.objects.filter(pk=word_id).delete()
    record(
        action=WordListAction.WORD_REMOVED,
        subject=word.word_list,
        by=by,
        at=at,
        data={"words": [word.text]},
    )
    return word
