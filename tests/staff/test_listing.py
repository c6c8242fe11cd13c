import pytest
from django.utils.translation import override

from staff.listing import listed


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "limit, rate"), ("zh-hans", "limit、rate"), ("zh-hant", "limit、rate")],
)
def test_listed_sets_parts_apart_as_the_language_does(language, text):
    with override(language):
        assert listed(["limit", "rate"]) == text


def test_listed_is_empty_without_parts():
    assert listed([]) == ""
