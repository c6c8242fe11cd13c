import pytest
from django.core.exceptions import ValidationError

from rules.words import clean_word, read_words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  P.O.   Box\t", "P.O. Box"),
        ("保税区", "保税区"),
        ("区", "区"),
        ("\u3000保税\u00a0区", "保税 区"),
        ("a\u200bb\ufeff", "ab"),
        ("ＡＢ", "ＡＢ"),
        ("<script>", "<script>"),
    ],
)
def test_clean_word_keeps_what_is_seen(typed, kept):
    assert clean_word(typed) == kept


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "Enter a word"),
        ("\u200b \u3000", "Enter a word"),
        ("a", "nearly every address"),
        ("７", "nearly every address"),
        ("x" * 61, "longer than 60"),
    ],
)
def test_clean_word_refuses_what_cannot_be_a_word(typed, problem):
    with pytest.raises(ValidationError, match=problem):
        clean_word(typed)


def test_read_words_takes_one_per_line_once():
    assert read_words("Isle\r\n\n  isle \nＩＳＬＥ\n海岛\n") == ["Isle", "海岛"]


def test_read_words_names_every_bad_line():
    with pytest.raises(ValidationError) as caught:
        read_words("Isle\na\n" + "y" * 70)
    assert [message[:7] for message in caught.value.messages] == ["Line 2:", "Line 3:"]
