"""The list of promises to pay."""

import pytest
from django.utils import timezone

from credit.days import company_day
from tests.factories import credit
from tests.factories.moments import DAY
from tests.orders.pages import as_role, client_of, words
from tests.orders.test_views_list import queries_of

pytestmark = pytest.mark.django_db


def due(days, state="open", account=None, **values):
    today = company_day(timezone.now())
    return credit.promise(account or credit.account(), today + days * DAY, state=state, **values)


def listed(query="", client=None):
    response = (client or as_role("finance")).get(f"/promises/{query}")
    return [promise.pk for promise, _days in response.context["rows"]]


def test_promises_show_those_due_soon_first():
    later, soon, today = due(7), due(1), due(0)
    due(8), due(-1), due(2, "kept")
    assert listed() == [today.pk, soon.pk, later.pk]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("overdue", ["late"]),
        ("open", ["late", "far"]),
        ("broken", ["broken", "partly"]),
        ("all", ["far", "kept", "late", "broken", "partly"]),
    ],
)
def test_promises_by_view(view, expected):
    made = {
        "late": due(-1),
        "far": due(30),
        "broken": due(-2, "broken"),
        "partly": due(-3, "partly_kept"),
        "kept": due(0, "kept"),
    }
    names = {promise.pk: name for name, promise in made.items()}
    assert [names[pk] for pk in listed(f"?view={view}")] == expected


def test_promises_narrow_to_a_customer():
    wanted = due(1)
    due(1)
    assert listed(f"?q={wanted.account.customer.code}") == [wanted.pk]


def test_promises_of_sales_are_those_of_their_customers():
    own = due(1)
    due(1)
    assert listed(client=client_of(own.account.customer.owner)) == [own.pk]


def test_promises_say_what_came_in():
    due(-3, "partly_kept", amount="30.00")
    text = words(as_role("credit_analyst").get("/promises/?view=broken"))
    assert "partly kept" in text.lower() and "0.01" in text


@pytest.mark.parametrize("role", ["warehouse", "supply_chain"])
def test_promises_are_not_for_everybody(role):
    assert as_role(role).get("/promises/").status_code == 403


def test_promises_cost_the_same_for_many():
    client = as_role("finance")
    due(1)
    one = queries_of(client, "/promises/")
    for _ in range(5):
        due(1)
    assert queries_of(client, "/promises/") == one
