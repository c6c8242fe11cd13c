from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from journal.models import Entry
from rules import lifecycle
from rules.lifecycle import WordListError, add_words, remove_word
from rules.models import Word
from tests.factories.staff import person


@pytest.fixture
def keeper(db):
    return person("warehouse")


def texts(word_list):
    return set(word_list.words.values_list("text", flat=True))


def test_add_words_adds_what_is_new_and_journals_it(word_list, keeper, at):
    addition = add_words(
        word_list_id=word_list.pk, texts=["Atoll", "ISLE", "Reef"], by=keeper, at=at
    )
    assert [word.text for word in addition.added] == ["Atoll", "Reef"]
    assert addition.known == 1
    assert {"Atoll", "Reef"} < texts(word_list)
    (entry,) = Entry.objects.about(word_list)
    assert (entry.action, entry.by, entry.at) == ("word_list.words_added", keeper, at)
    assert entry.data == {"words": ["Atoll", "Reef"]}


def test_add_words_journals_nothing_when_all_are_known(word_list, keeper, at):
    assert add_words(word_list_id=word_list.pk, texts=["isle"], by=keeper, at=at).known == 1
    assert not Entry.objects.about(word_list).exists()


def test_add_words_refuses_the_unentitled(word_list, at):
    before = texts(word_list)
    with pytest.raises(PermissionDenied):
        add_words(word_list_id=word_list.pk, texts=["Atoll"], by=person("sales"), at=at)
    assert texts(word_list) == before


def test_add_words_refuses_a_bad_word(word_list, keeper, at):
    with pytest.raises(ValidationError):
        add_words(word_list_id=word_list.pk, texts=["Atoll", " "], by=keeper, at=at)


def test_add_words_keeps_to_the_limit(word_list, keeper, at):
    with (
        mock.patch.object(lifecycle, "MOST_WORDS", 7),
        pytest.raises(WordListError, match="may have 7 words; this one has 6"),
    ):
        add_words(word_list_id=word_list.pk, texts=["Atoll", "Reef"], by=keeper, at=at)


@pytest.mark.parametrize("verb", ["add", "remove"])
def test_a_change_is_undone_when_the_journal_fails(word_list, keeper, at, verb):
    before = texts(word_list)
    with mock.patch.object(lifecycle, "record", side_effect=OSError), pytest.raises(OSError):
        if verb == "add":
            add_words(word_list_id=word_list.pk, texts=["Atoll"], by=keeper, at=at)
        else:
            remove_word(word_id=word_list.words.first().pk, by=keeper, at=at)
    assert texts(word_list) == before


def test_remove_word_removes_and_journals_it(word_list, keeper, at):
    word = word_list.words.get(text="Isle")
    assert remove_word(word_id=word.pk, by=keeper, at=at).text == "Isle"
    assert "Isle" not in texts(word_list)
    (entry,) = Entry.objects.about(word_list)
    assert (entry.action, entry.data) == ("word_list.word_removed", {"words": ["Isle"]})


def test_remove_word_refuses_the_unentitled(word_list, at):
    with pytest.raises(PermissionDenied):
        remove_word(word_id=word_list.words.first().pk, by=person("auditor"), at=at)
    assert word_list.words.count() == 6


def test_remove_word_says_when_somebody_was_quicker(keeper, at):
    with pytest.raises(Word.DoesNotExist):
        remove_word(word_id=404, by=keeper, at=at)


@pytest.mark.parametrize("text", ["ISLE", "Ｉｓｌｅ", " x", ""])
def test_the_database_refuses_repeated_and_blank_words(word_list, at, text):
    with pytest.raises(IntegrityError), transaction.atomic():
        Word.objects.create(word_list=word_list, text=text, added_at=at)
