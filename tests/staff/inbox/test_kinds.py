import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from staff.inbox import declare, kinds
from staff.inbox.models import Notice
from tests.factories.notices import KIND, data


def notice(kind=KIND, **values):
    return Notice(kind=kind, data=data(**values))


@pytest.mark.parametrize(
    ("language", "label", "subject"),
    [
        ("en", "Orders", "Approvals: SO-1"),
        ("zh-hans", "订单", "审批: SO-1"),
        ("zh-hant", "訂單", "簽核: SO-1"),
    ],
)
def test_sentences_speak_the_language_of_their_reader(language, label, subject):
    with translation.override(language):
        assert (notice().label, notice().subject) == (label, subject)


def test_declare_refuses_a_code_that_is_taken():
    with pytest.raises(ImproperlyConfigured):
        declare(KIND, label="x", subject=str, text=str)


def test_subject_is_one_line_of_a_bearable_length():
    assert notice(order="SO-1\r\nBcc: a@b.c").subject == "Approvals: SO-1 Bcc: a@b.c"
    assert len(notice(order="x" * 500).subject) == 200


def test_notice_of_a_kind_that_is_gone_still_says_something():
    old = notice(kind="test.gone")
    assert (old.label, old.icon) == ("Notice", "bell")
    assert old.subject and old.text


def test_notice_that_no_longer_fits_its_sentences_shows_its_kind(caplog):
    old = Notice(kind=KIND, data={})
    assert (old.subject, old.text) == ("Orders", "")
    assert "cannot be put into words" in caplog.text


def test_every_is_sorted_by_names_of_the_language():
    names = [kind.name for kind in kinds.every()]
    assert "Orders" in names
    assert names == sorted(names)
