import json
import pickle
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext_lazy, override

from staff.sentences import (
    Sentence,
    again,
    kept,
    one_after_another,
    said,
    say,
    sentence,
    side_by_side,
    unspoken,
    words_of,
)

NO_REASON = "Write why: it is kept with the order."
HELD = "Order %(number)s is held (%(reasons)s) and cannot ship until each hold is released."
STATE = "Order %(number)s is %(state)s, so this cannot be done now."
LINE = "Line %(position)d: the quantity can be at most %(most)s."
NESTED = "Order %(number)s was released on conditions. %(missing)s"
APPROVED = gettext_lazy("approved")


def held():
    reasons = [gettext_lazy("address to be clarified"), gettext_lazy("product quality")]
    return sentence(HELD) % {"number": "SO-1", "reasons": side_by_side(reasons)}


def conditions():
    missing = [sentence(NO_REASON), sentence(LINE) % {"position": 2, "most": "1.5"}]
    return sentence(NESTED) % {"number": "SO-1", "missing": one_after_another(missing)}


MADE = [
    lambda: sentence(NO_REASON),
    lambda: sentence(STATE) % {"number": "SO-1", "state": APPROVED},
    lambda: sentence(LINE) % {"position": 2, "most": "1.5"},
    held,
    conditions,
]


@pytest.mark.parametrize("make", MADE)
@pytest.mark.parametrize("first", ["en", "zh-hans", "zh-hant"])
def test_say_gives_what_would_have_been_said_in_the_language(make, first):
    with override(first):
        what = json.loads(json.dumps(make().said))
    for language in ("en", "zh-hans", "zh-hant"):
        with override(language):
            assert say(what) == make() == str(make())


def test_say_puts_labels_and_lists_into_the_words_of_the_reader():
    with override("en"):
        holds, state = held(), sentence(STATE) % {"number": "SO-1", "state": APPROVED}
    assert "address to be clarified, product quality" in holds
    with override("zh-hans"):
        assert "地址待核实、产品质量" in say(holds.said)
        assert "已批准" in say(state.said) and "approved" not in say(state.said)


def test_sentence_is_the_same_whoever_makes_it():
    made = []
    for language in ("en", "zh-hant"):
        with override(language):
            made.append(conditions().said)
    assert made[0] == made[1]


def test_sentence_takes_percent_signs_as_a_text_does():
    text = "the tax must be between 0 and 100 %%"
    assert sentence(text) % {} == "the tax must be between 0 and 100 %"


def test_sentence_takes_values_once_and_only_where_it_has_places_for_them():
    for whole in (sentence(STATE) % {"number": "1", "state": "2"}, one_after_another([])):
        with pytest.raises(TypeError):
            whole % {"number": "3"}


def test_unspoken_is_as_the_source_code_has_it():
    with override("zh-hans"):
        assert unspoken(sentence(NO_REASON)) == NO_REASON
        assert unspoken(APPROVED) == "approved"


def test_said_keeps_what_is_the_same_in_every_language():
    assert [said(value) for value in ("a", 3)] == ["a", 3]
    assert say("a") == "a" and say(3) == "3"


def test_kept_is_read_again_by_everybody():
    with override("zh-hans"):
        text, what = kept(sentence(NO_REASON))
    assert text == NO_REASON
    with override("zh-hant"):
        assert again(text, what) == sentence(NO_REASON) != NO_REASON
    assert kept("typed") == ("typed", None) and again("typed", None) == "typed"


def test_words_of_an_error_are_its_sentence_or_its_text():
    assert words_of(ValueError(held())).said == held().said
    assert words_of(ValueError("plain")) == "plain"
    assert words_of(ValueError()) == ""


def test_sentence_stays_one_between_processes():
    made = held()
    other = pickle.loads(pickle.dumps(made))  # noqa: S301
    assert isinstance(other, Sentence) and (other, other.said) == (made, made.said)


KEPT = ("orders/lifecycle", "orders/events", "credit/lifecycle", "approvals/lifecycle")
ALSO = (
    "orders/allocating.py", "orders/amounts.py", "orders/conditions.py", "orders/gate.py",
    "orders/portions.py", "orders/imports/limits.py", "orders/imports/master.py",
    "orders/imports/replay.py", "credit/limit_input.py", "approvals/receivers.py",
)  # fmt: skip


def test_what_a_verb_refuses_can_be_said_again():
    root = Path(settings.BASE_DIR)
    modules = [module for folder in KEPT for module in (root / folder).glob("*.py")]
    modules += [root / name for name in ALSO]
    plain = "from django.utils.translation import gettext as _"
    assert len(modules) > 40
    assert [module.name for module in modules if plain in module.read_text()] == []
