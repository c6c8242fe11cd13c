import json
from copy import deepcopy
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from orders.models import Decision
from orders.replaying import Recorded, canonical, chosen, differences, replay
from tests.factories import credit, orders, policies
from tests.factories.moments import DAY, NOW

pytestmark = pytest.mark.django_db


def spoil(decision, table="orders_decision", key="id", **columns):
    """Change a record behind every trigger's back, as nobody should be able to."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for column, value in columns.items():
            cursor.execute(
                f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, decision.pk]
            )
        cursor.execute("SET LOCAL session_replication_role = origin")


def parts(report):
    return [(found.decision_id, d.part) for found in report.named for d in found.differences]


@pytest.fixture
def decisions():
    """A pass, a failure and its approval, with gate rules and a version in the shadow."""
    rule = {"fact": "order.note", "op": "contains", "value": "urgent"}
    policies.set_rules(policies.rule("note", rule, severity="warn"))
    policies.publish(policies.changed("limit", percent="50"), state="shadow")
    orders.released()
    orders.approve(orders.failed())
    return list(Decision.objects.order_by("pk"))


def test_replay_finds_every_decision_the_same(decisions):
    report = replay(chosen(None, None, None))
    assert (report.decisions, report.shadows, report.differing) == (3, 3, 0)


def test_replay_finds_a_changed_check(decisions):
    checks = deepcopy(decisions[1].checks)
    next(check for check in checks if check["code"] == "limit")["figures"]["excess"] = "39.99"
    spoil(decisions[1], checks=json.dumps(checks))
    report = replay(chosen(None, None, None))
    assert parts(report) == [(decisions[1].pk, "limit")]
    (difference,) = report.named[0].differences
    assert difference.recorded["figures"]["excess"] == "39.99"
    assert difference.computed["figures"]["excess"] == "40.00"


@pytest.mark.parametrize(
    ("columns", "part"),
    [
        ({"outcome": "failed"}, "outcome"),
        ({"excess": "1.00"}, "excess"),
        ({"facts": "{}"}, "error"),
    ],
)
def test_replay_finds_a_changed_record(decisions, columns, part):
    spoil(decisions[0], **columns)
    assert parts(replay(chosen(None, None, None))) == [(decisions[0].pk, part)]


def test_replay_finds_a_changed_shadow(decisions):
    spoil(decisions[0], "orders_shadowdecision", "decision_id", outcome="failed")
    (found,) = replay(chosen(None, None, None)).named
    assert found.shadow
    assert found.order == decisions[0].order.number


def test_replay_counts_decisions_without_facts(decisions):
    spoil(decisions[0], facts=None)
    report = replay(chosen(None, None, None))
    assert (report.decisions, report.without_facts) == (2, 1)


def test_replay_is_narrowed_to_days_and_number(decisions):
    orders.submit(orders.draft(credit.account()), at=NOW + 3 * DAY)
    assert replay(chosen(date(2026, 3, 5), None, None)).decisions == 1
    assert replay(chosen(None, date(2026, 3, 2), None)).decisions == 3
    assert replay(chosen(None, None, 2)).decisions == 2


def test_command_reports_no_difference(decisions, capsys):
    call_command("replay_decisions")
    assert "3 decisions and 3 in the shadow computed again, 0 differ" in capsys.readouterr().out


def test_command_reports_differences_and_fails(decisions, capsys):
    spoil(decisions[2], excess="7.00")
    with pytest.raises(SystemExit) as ended:
        call_command("replay_decisions", "--json")
    told = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert told["differing"] == 1
    assert told["named"][0]["order"] == decisions[2].order.number
    assert told["named"][0]["differences"] == [
        {"part": "excess", "recorded": "7.00", "computed": "40.00"}
    ]
    with pytest.raises(SystemExit):
        call_command("replay_decisions")
    assert f"decision {decisions[2].pk}, excess:" in capsys.readouterr().out


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_canonical_is_the_same_after_a_round_trip(value):
    assert canonical(json.loads(canonical(value))) == canonical(value)


def test_canonical_does_not_depend_on_the_order_of_keys():
    assert canonical({"b": 1, "a": "信"}) == canonical({"a": "信", "b": 1}) == '{"a":"信","b":1}'


def test_differences_name_checks_that_are_missing(decisions):
    kept = decisions[0]
    record = Recorded(kept.facts, kept.checks[:-1], kept.outcome, kept.excess)
    assert [d.recorded for d in differences(record, kept.policy_version.content)] == [None]
