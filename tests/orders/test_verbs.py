"""What holds for every verb of an order alike."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from journal.models import Entry
from orders.enums import OrderState
from orders.errors import WrongState
from orders.models import Order
from staff.roles import Role
from tests.factories import orders
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person, superuser
from tests.factories.traces import everything
from tests.orders.verbs import VERBS

pytestmark = pytest.mark.django_db

# The verbs that are one step of the diagram, with the method that draws it.
STEPS = {
    "submit": "to_submitted",
    "approve": "to_approved",
    "recheck": "to_approved",
    "reject": "to_rejected",
    "take_back": "to_draft",
    "cancel": "to_cancelled",
    "ship": "to_shipped",
    "deliver": "to_delivered",
}


def drawn(method):
    transitions = Order._meta.get_field("state").get_all_transitions(Order)
    return {str(step.source) for step in transitions if step.method.__name__ == method}


@pytest.mark.parametrize("name", STEPS)
def test_verb_starts_where_the_diagram_says(name):
    assert VERBS[name].states == drawn(STEPS[name])


@pytest.mark.parametrize(
    ("name", "state"),
    [
        (name, state)
        for name, verb in VERBS.items()
        for state in OrderState.values
        if state not in verb.states
    ],
)
def test_verb_refuses_other_states(name, state):
    order, by = orders.in_state(state), superuser()
    before = everything()
    with pytest.raises(WrongState):
        VERBS[name].call(order, by)
    assert everything() == before


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("name", VERBS)
def test_verb_refuses_roles_without_the_right(name, role):
    verb = VERBS[name]
    order, by = verb.ready(), person(role)
    if role in verb.roles:
        verb.call(order, by)
        return
    before = everything()
    with pytest.raises(PermissionDenied):
        verb.call(order, by)
    assert everything() == before


@pytest.mark.parametrize("name", VERBS)
def test_verb_undoes_everything_when_the_journal_refuses(name):
    verb, by = VERBS[name], superuser()
    order = verb.ready()
    before = everything()
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        verb.call(order, by)
    assert everything() == before


@pytest.mark.parametrize("name", VERBS)
def test_verb_of_an_order_that_is_gone_finds_nothing(name):
    order = Order(pk=0, owner=superuser(), total=1, account_id=0)
    with pytest.raises(Order.DoesNotExist):
        VERBS[name].call(order, superuser())
