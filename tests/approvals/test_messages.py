"""Questions and replies on the thread of a request."""

import pytest
from django.core.exceptions import PermissionDenied

from approvals import lifecycle
from approvals.lifecycle import RequestError
from tests.factories import orders
from tests.factories.moments import NOW
from tests.factories.routes import answer, asked, level, told, written
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return person("approver_1")


@pytest.fixture
def request_(one):
    return asked(level("approver_1"))


def ask(request, by, text="Why so much?", to=None):
    return lifecycle.ask(
        request_id=request.pk, by=by, text=text, at=NOW, to_id=to.pk if to else None
    )


def reply(request, by, text="A new shop."):
    return lifecycle.reply(request_id=request.pk, by=by, text=text, at=NOW)


def test_ask_goes_to_the_salesperson(request_, one):
    made = ask(request_, one)
    assert (made.to, made.kind, made.text) == (request_.order_owner, "question", "Why so much?")
    assert told(request_, "question") == [request_.order_owner_id]
    assert written(request_) == ["opened", "asked"]


def test_ask_goes_to_whoever_is_named(request_, one):
    finance = person("finance")
    assert ask(request_, one, to=finance).to == finance
    assert told(request_, "question") == [finance.pk]


def test_reply_is_told_to_whoever_asked(request_, one):
    other = person("approver_2")
    ask(request_, one)
    ask(request_, other)
    reply(request_, request_.order_owner)
    assert told(request_, "reply") == sorted([one.pk, other.pk])
    assert written(request_) == ["opened", "asked", "asked", "replied"]


def test_reply_is_open_to_the_owner_to_whoever_was_asked_and_to_approvers(request_, one):
    finance = person("finance")
    ask(request_, one, to=finance)
    for by in (finance, request_.order_owner, person("credit_analyst")):
        assert reply(request_, by).by == by


@pytest.mark.parametrize("role", ["sales", "finance", "warehouse", "administrator", "auditor"])
def test_reply_and_ask_are_refused_to_others(request_, role):
    by = person(role)
    with pytest.raises(PermissionDenied):
        reply(request_, by)
    with pytest.raises(PermissionDenied):
        ask(request_, by)


def test_ask_about_ones_own_order_is_refused(one):
    owner = person("sales", "approver_1")
    request = asked(level("approver_1"), owner=owner)
    with pytest.raises(PermissionDenied):
        ask(request, owner)


@pytest.mark.parametrize("who", ["stranger", "left", "oneself"])
def test_ask_of_somebody_who_cannot_reply_is_refused(request_, one, who):
    people = {
        "stranger": lambda: person("sales"),
        "left": lambda: person("finance", is_active=False),
        "oneself": lambda: one,
    }
    with pytest.raises(RequestError, match="somebody else"):
        ask(request_, one, to=people[who]())
    assert not request_.messages.exists()


@pytest.mark.parametrize("text", ["", "  \n"])
def test_message_needs_a_text(request_, one, text):
    with pytest.raises(RequestError):
        ask(request_, one, text=text)
    with pytest.raises(RequestError):
        reply(request_, one, text=text)


def test_message_on_an_answered_request_is_refused(request_, one):
    answer(request_, by=one)
    with pytest.raises(RequestError, match="already"):
        ask(request_, person("approver_2"))
    with pytest.raises(RequestError, match="already"):
        reply(request_, request_.order_owner)


def test_question_does_not_stop_the_clock_nor_the_answer(request_, one):
    due = request_.seats.get().due_at
    ask(request_, one)
    assert request_.seats.get().due_at == due
    assert answer(request_, by=one).state == "approved"
    assert orders.Order.objects.get(pk=request_.order_id).state == "approved"
