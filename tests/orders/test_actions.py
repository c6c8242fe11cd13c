import pytest

from orders.actions import available_actions
from orders.enums import OrderState
from orders.errors import OrderError
from tests.factories import credit, orders
from tests.factories.staff import person, superuser
from tests.orders.verbs import VERBS

pytestmark = pytest.mark.django_db

# The verb behind each action on offer.
VERB_OF = {
    "edit": "edit_draft",
    "amend": "amend",
    "submit": "submit",
    "take_back": "take_back",
    "pay": "record_payment",
    "ship": "ship",
    "deliver": "deliver",
    "invoice": "invoice",
    "return_goods": "return_goods",
    "close_short": "close_short",
    "hold": "place_hold",
    "cancel": "cancel",
}

# Offered in fewer states than those in which events may tell of it late.
WHILE_GOODS_LEAVE = {
    "allocate": {"approved", "partly_shipped"},
    "pick": {"approved", "partly_shipped"},
    "scan": {"partly_shipped", "shipped"},
}


def codes(user, order, *, held=False):
    return {action.code for action in available_actions(user, order, held=held)}


@pytest.mark.parametrize("state", OrderState.values)
def test_available_actions_are_the_verbs_that_the_state_allows(state):
    order = orders.in_state(state)
    offered = codes(superuser(), order)
    fitting = {code for code, name in VERB_OF.items() if state in VERBS[name].states}
    assert offered == fitting | {
        code for code, states in WHILE_GOODS_LEAVE.items() if state in states
    }


@pytest.mark.parametrize("code", VERB_OF)
def test_available_actions_do_what_they_offer(code):
    verb = VERBS[VERB_OF[code]]
    order, by = verb.ready(), superuser()
    assert code in codes(by, order)
    verb.call(order, by)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("sales", set()),
        ("sales_manager", {"amend", "cancel", "hold"}),
        ("finance", {"pay", "invoice", "hold"}),
        ("warehouse", {"allocate", "pick", "ship", "hold"}),
        ("auditor", set()),
    ],
)
def test_available_actions_depend_on_the_role(role, expected):
    assert codes(person(role), orders.released()) == expected


def test_available_actions_of_the_owner_are_their_own():
    order = orders.released()
    assert codes(order.owner, order) == {"amend", "cancel"}


def test_available_actions_offer_no_cancelling_of_an_invoiced_order():
    order = orders.invoice(orders.released())
    assert "cancel" not in codes(order.owner, order)
    with pytest.raises(OrderError):
        orders.cancel(order)


def test_available_actions_offer_no_payment_when_nothing_is_left_to_pay():
    assert "pay" not in codes(superuser(), orders.pay(orders.released()))


def test_available_actions_say_why_a_held_order_cannot_ship():
    actions = available_actions(superuser(), orders.released(), held=True)
    assert [action.code for action in actions if action.why_not] == ["ship"]


def test_orders_for_user_are_their_customers_and_their_own():
    one, other, manager = person("sales"), person("sales"), person("sales_manager")
    account = credit.account(owner=one)
    order = orders.draft(account)
    account.customer.owner = other
    account.customer.save()
    visible = type(order).objects.for_user
    assert [visible(user).count() for user in (one, other, manager)] == [1, 1, 1]
    assert visible(person("sales")).count() == 0
