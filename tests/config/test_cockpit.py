import pytest
from django.test import Client
from django.urls import reverse

from config import cockpit
from exceptions.process.lifecycle import assign, open_by_hand
from tests.factories import orders
from tests.factories.moments import NOW
from tests.factories.staff import department, person

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_held_value_counts_what_its_list_shows():
    user = person("sales_manager")
    held = orders.released("120.00")
    orders.hold(held)
    orders.failed()
    tile = next(t for t in cockpit.tiles(user, NOW) if "view=held" in t.url)
    assert (tile.figure, tile.note) == ("120", "1 order")
    page = client_of(user).get(tile.url)
    assert [row.pk for row in page.context["page"].rows] == [held.pk]


@pytest.mark.parametrize(("role", "shown"), [("warehouse", True), ("sales", False)])
def test_home_lists_tickets_for_those_who_work_on_them(role, shown):
    assert ("tickets" in cockpit.worklists(person(role), NOW)) is shown


def test_home_names_tickets_that_were_opened_by_hand(company_ticket):
    page = client_of(company_ticket.assignee).get(reverse("home")).content.decode()
    assert "which door?" in page


@pytest.fixture
def company_ticket():

    user = person("warehouse", department=department())
    values = {"summary": "which door?", "severity": "P3", "department_id": user.department_id}
    ticket = open_by_hand(order_id=orders.released().pk, by=user, at=NOW, **values)
    return assign(ticket_id=ticket.pk, assignee_id=user.pk, by=user, at=NOW)
