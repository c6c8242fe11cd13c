import pytest
from django.apps import apps
from django.utils import translation

from rules.models import WordList
from rules.seeds import RESTRICTED_ADDRESS, WORDS, seed_after_migrate

pytestmark = pytest.mark.django_db


def test_seed_makes_the_address_list_in_three_languages():
    word_list = WordList.objects.get(code=RESTRICTED_ADDRESS)
    assert word_list.words.count() == len(WORDS[RESTRICTED_ADDRESS])
    seen = set()
    for language in ("en", "zh-hans", "zh-hant"):
        with translation.override(language):
            seen.add((word_list.name, word_list.purpose))
    assert len(seen) == 3


def test_seed_does_not_bring_back_a_removed_word():
    word_list = WordList.objects.get(code=RESTRICTED_ADDRESS)
    word_list.words.all().delete()
    seed_after_migrate(using="default", apps=apps)
    assert not word_list.words.exists()
