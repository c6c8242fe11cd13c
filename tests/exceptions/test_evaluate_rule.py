import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orders.models import Order
from tests.factories import orders, tickets
from tests.factories.moments import HOUR, NOW

pytestmark = pytest.mark.django_db


def answer(*arguments):
    out = StringIO()
    call_command("evaluate_rule", "paid_unshipped_24h", *arguments, stdout=out)
    return out.getvalue()


def test_evaluate_rule_prints_count_and_subjects_as_json():
    order = tickets.paid()
    Order.objects.filter(pk=order.pk).update(history=True, external_id="A-7")
    found = json.loads(answer("--at", NOW.isoformat(), "--json"))
    assert (found["rule"], found["version"], found["count"]) == ("paid_unshipped_24h", 1, 1)
    assert found["subjects"] == [{"number": order.number, "external_id": "A-7"}]


def test_evaluate_rule_speaks_of_the_past_as_it_was():
    order = tickets.paid(hours=30)
    orders.ship(order, happened_at=NOW - HOUR)
    counts = [
        json.loads(answer("--at", (NOW - hours * HOUR).isoformat(), "--json"))["count"]
        for hours in (7, 2, 0)
    ]
    assert counts == [0, 1, 0]


@pytest.mark.parametrize(
    "zone, at",
    [
        ("Asia/Shanghai", "2026-03-02T17:00:00"),
        ("UTC", "2026-03-02T09:00:00"),
        ("America/Sao_Paulo", "2026-03-02 06:00"),
    ],
)
def test_evaluate_rule_reads_naive_moments_in_the_zone(zone, at):
    tickets.paid(hours=24 + 1 / 60)
    assert json.loads(answer("--at", at, "--time-zone", zone, "--json"))["count"] == 1


def test_evaluate_rule_reads_a_day_as_its_midnight():
    assert json.loads(answer("--at", "2026-03-02", "--json"))["at"] == "2026-03-02T00:00:00+08:00"


def test_evaluate_rule_prints_words_without_json():
    order = tickets.paid()
    lines = answer("--at", NOW.isoformat()).splitlines()
    assert lines[0] == "Paid, but not shipped: Paid more than 24 h ago, and not shipped"
    assert lines[1].startswith("1 orders at 2026-03-02")
    assert lines[2] == order.number


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["nothing"], "paid_unshipped_24h"),
        (["margin_low", "--at", "yesterday"], "write it like"),
        (["margin_low", "--at", "2017-13-28"], "write it like"),
        (["margin_low", "--at", "2017-11-28", "--time-zone", "Mars/Base"], "no time zone"),
    ],
)
def test_evaluate_rule_says_what_it_does_not_know(arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("evaluate_rule", *arguments)
