import pytest
from django.core.exceptions import PermissionDenied

from exceptions.detect import lifecycle
from exceptions.detect.history import history
from exceptions.detect.lifecycle import RuleError
from exceptions.models import AlertRuleVersion
from journal.models import Entry
from rules.conditions import ConditionError, with_parameters
from tests.factories import tickets
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def publish(hours="36", *, by=None, note="too many", seen=1, **values):
    rule = tickets.rule()
    subject = lifecycle.subject()
    condition = with_parameters(
        rule.version.condition, subject, {"all.0": {"amount": hours, "unit": "hours"}}
    )
    values = {
        "condition": condition,
        "severity": rule.version.severity,
        "department_id": rule.version.department_id,
    } | values
    return lifecycle.publish(
        rule_id=rule.pk, note=note, seen_version=seen, by=by or person("finance"), at=NOW, **values
    )


def test_publish_makes_the_next_version():
    by = person("credit_analyst")
    version = publish(by=by)
    assert (version.number, version.author, version.at, version.note) == (2, by, NOW, "too many")
    assert tickets.rule().current == version
    assert version.sentence == "Paid more than 36 h ago, and not shipped"


def test_publish_journals_before_and_after():
    publish(severity="P1")
    entry = Entry.objects.about(tickets.rule()).get()
    assert (entry.action, entry.reason) == ("rule.published", "too many")
    assert (entry.data["before"]["severity"], entry.data["after"]["severity"]) == ("P2", "P1")
    assert entry.data["after"]["condition"]["all"][0]["value"]["amount"] == "36"


def test_publish_shows_what_is_different():
    publish(severity="P1")
    step = history(tickets.rule())[0]
    assert [(change.before, change.after) for change in step.changes] == [
        ("Paid more than 24 h ago, and not shipped", "Paid more than 36 h ago, and not shipped"),
        ("P2 high", "P1 critical"),
    ]


@pytest.mark.parametrize(
    "values, words",
    [
        ({"hours": "24"}, "Nothing is different"),
        ({"note": " "}, "Say why"),
        ({"seen": 0}, "Somebody changed"),
    ],
)
def test_publish_refuses(values, words):
    with pytest.raises(RuleError, match=words):
        publish(**values)
    assert AlertRuleVersion.objects.filter(rule=tickets.rule()).count() == 1


def test_publish_refuses_a_condition_that_the_engine_refuses():
    with pytest.raises(ConditionError):
        publish(condition={"fact": "order.nothing", "op": "is", "value": True})


@pytest.mark.parametrize("code", ["warehouse", "sales_manager", "auditor"])
def test_publish_needs_the_right_to_change_rules(code):
    with pytest.raises(PermissionDenied):
        publish(by=person(code))


def switch(on, *, by=None, reason="stocktaking"):
    by = by or person("finance")
    return lifecycle.switch(rule_id=tickets.rule().pk, on=on, reason=reason, by=by, at=NOW)


def test_switch_off_and_on_again():
    assert not switch(False).is_live
    assert switch(True).is_live
    entries = Entry.objects.about(tickets.rule()).reverse()
    assert [(e.action, e.from_state, e.to_state) for e in entries] == [
        ("rule.switched_off", "live", "off"),
        ("rule.switched_on", "off", "live"),
    ]


def test_switch_refuses_what_is_so_already_and_silence():
    with pytest.raises(RuleError, match="already"):
        switch(True)
    with pytest.raises(RuleError, match="Say why"):
        switch(False, reason="")
    with pytest.raises(PermissionDenied):
        switch(False, by=person("warehouse"))
