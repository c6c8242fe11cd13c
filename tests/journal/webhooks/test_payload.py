"""What receivers are told, and what not."""

import json
from decimal import Decimal

import pytest

from approvals.enums import ApprovalAction
from journal.models import Entry
from journal.people import StaffAction
from journal.webhooks import payload
from orders.enums import OrderAction
from tests.factories import orders, webhooks
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def said(entry):
    return json.loads(payload.render(Entry.objects.get(pk=entry.pk)))


def figures(**data):
    return said(webhooks.happened(data=data))["data"]["figures"]


def test_render_tells_what_when_who_and_why():
    by, order = person(full_name="王伟"), orders.draft(orders.credit.account())
    entry = webhooks.happened(
        subject=order, order_id=order.pk, by=by, from_state="a", to_state="b", reason="why"
    )
    thing = {"type": "order", "id": order.pk, "number": order.number}
    assert said(entry) == {
        "type": "order.edited",
        "timestamp": "2026-03-02T09:00:00+00:00",
        "data": {
            "id": entry.pk,
            "subject": thing,
            "order": thing,
            "from": "a",
            "to": "b",
            "by": {"id": by.pk, "name": "王伟"},
            "reason": "why",
            "figures": {},
        },
    }


def test_render_is_the_same_each_time():
    entry = webhooks.happened(data={"total": Decimal("9.50"), "currency": "CNY", "lines": 2})
    stored = Entry.objects.get(pk=entry.pk)
    assert (
        payload.render(stored)
        == payload.render(stored)
        == payload.render(Entry.objects.select_related("by").get(pk=entry.pk))
    )


def test_render_without_person_state_reason_or_number():
    data = said(webhooks.happened())["data"]
    assert (data["by"], data["from"], data["to"], data["reason"]) == (None,) * 4
    assert data["subject"]["number"] is None


def test_figures_are_strings_where_they_are_money():
    assert figures(total=Decimal("90.00"), lines=2, forced=False, percent=1.5) == {
        "total": "90.00",
        "lines": 2,
        "forced": False,
        "percent": "1.5",
    }


@pytest.mark.parametrize(
    "name", ["cost", "margin", "margin_percent", "url", "points", "used", "used_before", "words"]
)
def test_figures_that_are_not_named_stay_inside(name):
    assert figures(**{name: "5", "total": "1.00"}) == {"total": "1.00"}


@pytest.mark.parametrize("value", [{"cost": "5.00"}, [{"cost": "5.00"}], [1, 2]])
def test_figures_that_hold_others_stay_inside(value):
    assert figures(before=value, after=value) == {}


def test_figures_with_codes_are_told():
    assert figures(reasons=["limit", "overdue"]) == {"reasons": ["limit", "overdue"]}


@pytest.mark.parametrize(
    "action", [ApprovalAction.ASKED, ApprovalAction.REPLIED, StaffAction.ABSENCE_SET]
)
def test_words_between_colleagues_stay_inside(action):
    entry = webhooks.happened(action=action, reason="she is in hospital")
    assert said(entry)["data"]["reason"] is None
    assert "hospital" not in payload.render(entry)


def test_every_entry_of_an_order_can_be_told():
    order = orders.completed()
    told = [said(entry) for entry in Entry.objects.for_order(order.pk)]
    assert {each["data"]["order"]["number"] for each in told} == {order.number}
    submitted = next(each for each in told if each["type"] == OrderAction.SUBMITTED)
    assert submitted["data"]["figures"]["total"] == str(order.total)
    assert submitted["timestamp"] <= NOW.isoformat()


def test_subject_of_a_model_that_is_gone_keeps_its_id():
    entry = webhooks.happened()
    entry.subject_type = "past.thing"
    assert json.loads(payload.render(entry))["data"]["subject"]["type"] == "thing"
