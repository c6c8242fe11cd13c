from datetime import UTC, datetime

import pytest
from django.db import connection

from rules.models import Word, WordList
from tests.rules.parcels import Parcel

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def at():
    return AT


@pytest.fixture
def parcels(db):
    """The parcels table; the transaction that the test runs in takes it away again."""
    with connection.schema_editor() as editor:
        editor.create_model(Parcel)
    return Parcel.objects


@pytest.fixture
def word_list(db):
    word_list = WordList.objects.create(
        code="islands", name_en="Islands", name_zh_hans="海岛", name_zh_hant="海島"
    )
    for text in ("Isle", "100%", "a_b", "c\\d", "海岛", "Ab1"):
        Word.objects.create(word_list=word_list, text=text, added_at=AT)
    return word_list
