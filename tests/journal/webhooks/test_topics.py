"""The events that webhooks can tell, and the page that lists them."""

import pytest
from django.utils import translation

from config.management.commands.document_events import PAGE, brought_up_to_date
from journal import actions
from journal.webhooks import payload, topics


def test_every_declared_action_is_offered_once():
    offered = [code for _label, choices in topics.offered() for code, _text in choices]
    assert sorted(offered) == sorted([*actions.declared(), *map(topics.wildcard, topics.kinds())])


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_every_kind_has_a_name(language):
    with translation.override(language):
        assert [kind for kind in topics.kinds() if topics.kind_label(kind) == kind] == []
        assert all(topics.label(topics.wildcard(kind)) for kind in topics.kinds())


def test_tidy_drops_what_another_topic_stands_for():
    assert topics.tidy(["order.*", "order.paid", "credit.written_off"]) == [
        "order.*",
        "credit.written_off",
    ]
    assert topics.tidy(["order.*", "*"]) == ["*"]


def test_unknown_finds_what_nobody_declares():
    assert topics.unknown(["*", "order.*", "order.paid"]) == set()
    assert topics.unknown(["order", "order.", "ord*", "dream.*"]) == {
        "order", "order.", "ord*", "dream.*",
    }  # fmt: skip


def test_label_of_a_topic_that_is_declared_no_more_is_its_code():
    assert topics.label("order.dreamt") == "order.dreamt"


def test_documentation_lists_every_event_and_figure():
    page = PAGE.read_text()
    assert page == brought_up_to_date(page), "run manage.py document_events"
    assert "| `order.approved` | Order released |" in page
    assert f"| `total` | {payload.FIGURES['total']} |" in page
