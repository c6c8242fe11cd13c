"""People are told when the way into their account changes."""

import pytest

from staff import people
from staff.models import Notice, SecondStep
from staff.signals import second_step_changed
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def told(user):
    return [(notice.subject, notice.text) for notice in Notice.objects.filter(to=user)]


def test_set_password_tells_whose_it_is():
    user, by = person("sales"), person("administrator")
    people.set_password(person_id=user.pk, password="a long enough phrase", by=by, at=NOW)
    text = f"By {by}. If you did not expect this, tell an administrator at once."
    assert told(user) == [("Your password was set anew", text)]
    assert told(by) == []


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ("turned_off", "Your second step of sign-in was turned off"),
        ("reset", "Your second step of sign-in was reset"),
        ("code_used", "A recovery code of yours was used"),
    ],
)
def test_second_step_tells_whose_it_is(change, subject):
    user = person("sales")
    second_step_changed.send(
        sender=SecondStep, user=user, change=change, by=user, at=NOW, reason="", data={}
    )
    assert [line for line, _text in told(user)] == [subject]
